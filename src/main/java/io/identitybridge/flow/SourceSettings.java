package io.identitybridge.flow;

import io.identitybridge.files.SourceFile;
import io.identitybridge.source.Settings;
import java.util.Optional;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The values that source files ask for, from the environment and Spring's properties. */
@Component
class SourceSettings {
    private final Environment environment;

    SourceSettings(Environment environment) {
        this.environment = environment;
    }

    Settings.Resolved of(SourceFile file) {
        return Settings.resolve(file, name -> Optional.ofNullable(environment.getProperty(name)), name -> Optional.ofNullable(environment.getProperty(name)));
    }
}
