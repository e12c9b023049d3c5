package io.identitybridge.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.files.SourceFile;
import io.identitybridge.files.SourceFile.Auth;
import io.identitybridge.files.SourceFile.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @Test
    void environment_then_property_then_mounted_file_then_default(@TempDir Path dir) throws Exception {
        Path mounted = Files.writeString(dir.resolve("token"), "from-file\n");
        SourceFile file = file(setting("a", "A", "p.a", mounted.toString(), null), setting("b", "B", "p.b", mounted.toString(), null),
            setting("c", "C", null, mounted.toString(), null), setting("d", "D", null, null, ""));
        Settings settings = complete(Settings.resolve(file, env("A", "from-env", "B", " "), env("p.a", "no", "p.b", "from-property")));
        assertThat(settings.fill("${a} ${b} ${c} [${d}] $select")).isEqualTo("from-env from-property from-file [] $select");
        assertThat(settings.has("d")).isFalse();
    }

    @Test
    void what_lacks_a_value_is_named_as_an_operator_sets_it(@TempDir Path dir) {
        SourceFile file = file(setting("url", "OKTA_URL", null, null, null), setting("x", null, "okta.x", null, null), setting("y", null, null, dir.resolve("no").toString(), null));
        assertThat(Settings.resolve(file, env(), env())).isEqualTo(new Settings.Resolved.Lacking(List.of("OKTA_URL", "okta.x", "the file " + dir.resolve("no"))));
    }

    @Test
    void a_value_of_several_lines_comes_from_the_file_that_a_variable_names(@TempDir Path dir) throws Exception {
        Path mounted = Files.writeString(dir.resolve("key"), "one\ntwo\n");
        SourceFile file = file(setting("a", "A", null, null, null), setting("b", "B", null, null, null));
        assertThat(complete(Settings.resolve(file, env("A_FILE", mounted.toString(), "B", "itself", "B_FILE", mounted.toString()), env())).fill("${a} ${b}")).isEqualTo("one\ntwo itself");
    }

    @Test
    void of_several_ways_to_be_let_in_the_first_whole_one_is_taken() {
        Auth byToken = new Auth.Bearer("${t}");
        Auth byKey = new Auth.Basic("${c}", "${k}");
        SourceFile file = file(new Auth.FirstOf(List.of(new Auth.Way(byToken, Set.of("t")), new Auth.Way(byKey, Set.of("c", "k")))),
            setting("u", "URL", null, null, null), setting("t", "TOKEN", null, null, null), setting("c", "CLIENT", null, null, null), setting("k", "KEY", null, null, null));
        assertThat(complete(Settings.resolve(file, env("URL", "x", "TOKEN", "t", "CLIENT", "c", "KEY", "k"), env())).way(file.auth())).isEqualTo(byToken);
        assertThat(complete(Settings.resolve(file, env("URL", "x", "CLIENT", "c", "KEY", "k"), env())).way(file.auth())).isEqualTo(byKey);
        assertThat(Settings.resolve(file, env("CLIENT", "c"), env())).isEqualTo(new Settings.Resolved.Lacking(List.of("URL", "TOKEN or KEY")));
        assertThat(Settings.resolve(file, env("URL", "x"), env())).isEqualTo(new Settings.Resolved.Lacking(List.of("TOKEN or CLIENT and KEY")));
    }

    @Test
    void no_text_shows_a_secret() {
        Settings settings = new Settings(Map.of("token", "abcd-efgh", "url", "https://x"), Set.of("token"));
        assertThat(settings.toString()).isEqualTo("settings [token, url]");
        assertThat(settings.redact("sent abcd-efgh to https://x")).isEqualTo("sent *** to https://x");
    }

    @Test
    void a_name_that_is_none_of_the_settings_is_an_error() {
        assertThatThrownBy(() -> new Settings(Map.of(), Set.of()).fill("${HOME}")).hasMessage("'HOME' is none of the file's settings");
    }

    private static Settings complete(Settings.Resolved resolved) {
        return ((Settings.Resolved.Complete) resolved).settings();
    }

    private static java.util.function.Function<String, Optional<String>> env(String... pairs) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        return name -> Optional.ofNullable(values.get(name));
    }

    private static Setting setting(String name, String env, String property, String file, String fallback) {
        return new Setting(name, Optional.ofNullable(env), Optional.ofNullable(property), Optional.ofNullable(file), false, Optional.ofNullable(fallback), Given.AT);
    }

    private static SourceFile file(Setting... settings) {
        return file(new Auth.None(), settings);
    }

    private static SourceFile file(Auth auth, Setting... settings) {
        SourceFile plain = new Given().read("users").file();
        Map<String, Setting> named = new LinkedHashMap<>();
        for (Setting setting : settings) {
            named.put(setting.name(), setting);
        }
        return new SourceFile(plain.name(), named, plain.url(), auth, plain.page(), plain.retry(), plain.budget(), plain.read(), true, Map.of(),
            plain.cursorExpired(), plain.lag(), plain.tests(), "", Given.AT);
    }
}
