package io.identitybridge.flow;

import io.identitybridge.model.Organisation;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Where Portkey is and what lets the bridge in: {@code PORTKEY_URL} and {@code PORTKEY_ADMIN_KEY}, or {@code PORTKEY_SCIM_URL} and {@code PORTKEY_SCIM_TOKEN}; each also as a file by {@code ..._FILE}. */
@Component
class PortkeySettings {
    private static final String URL = "PORTKEY_URL";
    private static final String KEY = "PORTKEY_ADMIN_KEY";
    private static final String SCIM_URL = "PORTKEY_SCIM_URL";
    private static final String SCIM_TOKEN = "PORTKEY_SCIM_TOKEN";
    private static final String CLOUD = "https://api.portkey.ai/v1";
    private static final int LONGEST = 64 * 1024;

    private final Environment environment;

    PortkeySettings(Environment environment) {
        this.environment = environment;
    }

    /** A target's address and the header that lets in. Its text shows no secret. */
    record Door(URI address, String header, String value) {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** The settings that this target lacks. */
    List<String> missing(Organisation.Target target) {
        return switch (target) {
            case STORE -> List.of();
            case PORTKEY_ADMIN_API -> value(KEY).isEmpty() ? List.of(KEY) : List.of();
            case PORTKEY_SCIM -> List.of(SCIM_URL, SCIM_TOKEN).stream().filter(name -> value(name).isEmpty()).toList();
        };
    }

    /** Empty for target store, and while a setting is missing. */
    Optional<Door> door(Organisation.Target target) {
        if (target == Organisation.Target.STORE || !missing(target).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(target == Organisation.Target.PORTKEY_ADMIN_API
                ? new Door(address(value(URL).orElse(CLOUD)), "x-portkey-api-key", value(KEY).orElseThrow())
                : new Door(address(value(SCIM_URL).orElseThrow()), "Authorization", "Bearer " + value(SCIM_TOKEN).orElseThrow()));
    }

    private static URI address(String text) {
        return URI.create(text.strip().replaceFirst("/+$", ""));
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(environment.getProperty(name)).filter(value -> !value.isBlank()).or(() -> Optional.ofNullable(environment.getProperty(name + "_FILE")).flatMap(PortkeySettings::mounted)).map(String::strip);
    }

    private static Optional<String> mounted(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return Optional.of(new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8)).filter(text -> !text.isBlank());
        } catch (IOException e) {
            return Optional.empty(); // told as missing
        }
    }
}
