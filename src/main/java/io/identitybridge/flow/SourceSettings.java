package io.identitybridge.flow;

import io.identitybridge.files.SourceFile;
import io.identitybridge.source.Settings;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The values that source files ask for, from the environment, Spring's properties, mounted files and vaults. */
@Component
class SourceSettings {
    private final Environment environment;
    private final Vaults vaults;

    SourceSettings(Environment environment, Vaults vaults) {
        this.environment = environment;
        this.vaults = vaults;
    }

    Settings.Resolved of(SourceFile file) {
        return switch (Settings.resolve(file, this::property, this::property, vaults::value)) {
            case Settings.Resolved.Lacking lacking -> new Settings.Resolved.Lacking(Stream.concat(lacking.names().stream(),
                    file.settings().values().stream().flatMap(setting -> setting.vault().stream()).flatMap(vault -> vaults.lacks(vault).stream())).distinct().toList());
            case Settings.Resolved.Complete complete -> complete;
        };
    }

    private Optional<String> property(String name) {
        return Optional.ofNullable(environment.getProperty(name));
    }
}
