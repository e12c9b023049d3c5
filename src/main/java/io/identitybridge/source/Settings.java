package io.identitybridge.source;

import io.identitybridge.files.Hash;
import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Auth;
import io.identitybridge.files.SourceFile.Auth.Way;
import io.identitybridge.files.SourceFile.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The values of one source's settings. Its text shows names only. */
public final class Settings {
    private static final Pattern NAME = Pattern.compile("\\$\\{([A-Za-z][A-Za-z0-9_-]*)}");
    private static final int LONGEST = 64 * 1024;
    private static final int SHORTEST_SECRET = 4;

    private final Map<String, String> values;
    private final Set<String> secrets;
    private final Map<String, String> plain;

    Settings(Map<String, String> values, Set<String> secretNames) {
        this.values = Map.copyOf(values);
        this.secrets = new TreeSet<>(Comparator.comparing(String::length).reversed().thenComparing(s -> s));
        this.plain = new TreeMap<>(values);
        plain.keySet().removeAll(secretNames);
        secretNames.stream().map(values::get).filter(v -> v != null && v.length() >= SHORTEST_SECRET).forEach(secrets::add);
    }

    /** Either all settings have a value, or some lack one and the pull is off. */
    public sealed interface Resolved {
        record Complete(Settings settings) implements Resolved {
        }

        /** {@code names} are what an operator sets: the environment variable, else the property, else the file. */
        record Lacking(List<String> names) implements Resolved {
        }
    }

    /**
     * Looks each setting up: environment, then the file that {@code <VARIABLE>_FILE} names, then property, then mounted file, then the vault, then its default. An empty
     * value counts as none, an empty default as a value. Of the settings of several ways to be let in, those of one way are enough.
     */
    public static Resolved resolve(SourceFile file, Function<String, Optional<String>> env, Function<String, Optional<String>> property) {
        return resolve(file, env, property, name -> Optional.empty());
    }

    /** As {@link #resolve(SourceFile, Function, Function)}; {@code vault} gets what a file writes under {@code vault}, as {@code hashicorp:secret:okta#token}. */
    public static Resolved resolve(SourceFile file, Function<String, Optional<String>> env, Function<String, Optional<String>> property, Function<String, Optional<String>> vault) {
        Map<String, String> found = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        Set<String> secret = new TreeSet<>();
        List<Way> ways = file.auth() instanceof Auth.FirstOf first ? first.ways() : List.of();
        for (Setting setting : file.settings().values()) {
            Optional<String> value = value(setting, env, property, vault);
            boolean needed = ways.stream().noneMatch(way -> way.settings().contains(setting.name()));
            value.ifPresentOrElse(v -> found.put(setting.name(), v), () -> Optional.of(outsideName(setting)).filter(name -> needed).ifPresent(missing::add));
            if (setting.secret()) {
                secret.add(setting.name());
            }
        }
        if (!ways.isEmpty() && ways.stream().noneMatch(way -> whole(way, found))) {
            missing.add(lacked(ways, file, found));
        }
        return missing.isEmpty() ? new Resolved.Complete(new Settings(found, secret)) : new Resolved.Lacking(List.copyOf(missing));
    }

    /** Names the way in which a file with these values reads its source; a secret's value is no part of it. */
    public String reading(SourceFile file) {
        return Hash.of(file.readHash() + plain);
    }

    private static boolean whole(Way way, Map<String, String> found) {
        return found.keySet().containsAll(way.settings());
    }

    /** {@code OKTA_TOKEN, or OKTA_CLIENT_ID and OKTA_PRIVATE_KEY}: what each way to be let in lacks. */
    private static String lacked(List<Way> ways, SourceFile file, Map<String, String> found) {
        return ways.stream().map(way -> file.settings().values().stream().filter(setting -> way.settings().contains(setting.name()))
                .filter(setting -> !found.containsKey(setting.name())).map(Settings::outsideName).collect(Collectors.joining(" and ")))
            .collect(Collectors.joining(" or "));
    }

    /** The first way to be let in whose settings all have a value. */
    Auth way(Auth auth) {
        return auth instanceof Auth.FirstOf first
            ? first.ways().stream().filter(way -> whole(way, values)).map(Way::auth).findFirst().orElseThrow(() -> new IllegalArgumentException("no way to be let in is whole"))
            : auth;
    }

    /** Whether a setting has a value that is not empty. */
    boolean has(String name) {
        return !values.getOrDefault(name, "").isBlank();
    }

    /** {@code SSWS ${token}} with the values in place. A name that is none of the settings is an error of whoever checked the file. */
    String fill(String text) {
        return fill(text, UnaryOperator.identity(), Map.of());
    }

    /** As {@link #fill(String)}, with {@code more} names and each value encoded. */
    String fill(String text, UnaryOperator<String> encoding, Map<String, String> more) {
        return NAME.matcher(text).replaceAll(match -> {
            String value = Optional.ofNullable(more.get(match.group(1))).orElse(values.get(match.group(1)));
            if (value == null) {
                throw new IllegalArgumentException("'" + match.group(1) + "' is none of the file's settings");
            }
            return Matcher.quoteReplacement(encoding.apply(value));
        });
    }

    /** A text for people, without any secret's value. */
    String redact(String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, "***");
        }
        return clean;
    }

    @Override
    public String toString() {
        return "settings " + new TreeSet<>(values.keySet());
    }

    private static Optional<String> value(Setting setting, Function<String, Optional<String>> env, Function<String, Optional<String>> property, Function<String, Optional<String>> vault) {
        return setting.env().flatMap(name -> own(name, env))
                .or(() -> setting.property().flatMap(property).filter(Settings::given))
                .or(() -> setting.file().flatMap(Settings::mounted).filter(Settings::given))
                .or(() -> setting.vault().flatMap(vault).filter(Settings::given))
                .or(setting::fallback);
    }

    /** One setting of the bridge's own: the environment variable, or the mounted file that the variable with {@code _FILE} at its end names. */
    public static Optional<String> own(String name, Function<String, Optional<String>> env) {
        return env.apply(name).filter(Settings::given).or(() -> env.apply(name + "_FILE").flatMap(Settings::mounted).filter(Settings::given));
    }

    private static boolean given(String value) {
        return !value.isBlank();
    }

    private static String outsideName(Setting setting) {
        return setting.env().or(setting::property).or(() -> setting.file().map(f -> "the file " + f)).or(() -> setting.vault().map(v -> "in the vault " + v)).orElse(setting.name());
    }

    /** The text of a mounted file without its last line end; a file that is not there, or cannot be read, gives no value. */
    private static Optional<String> mounted(String name) {
        Path path = Path.of(name);
        if (!Files.isReadable(path) || !Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(path)) {
            return Optional.of(new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).stripTrailing());
        } catch (IOException unreadable) {
            // The file went away, or its rights did, between the look and the reading: the setting is reported as missing.
            return Optional.empty();
        }
    }
}
