package io.identitybridge.files;

import static io.identitybridge.files.Shipped.faults;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Slips in how a source is let in and in how it is joined, told by place and cause. */
class AuthChecksTest {
    private static final String ENTRA = "routes/entra.source.yaml";
    private static final String GOOGLE = "routes/google.source.yaml";
    private static final String ASSERTION = "    assertion: {key: \"${certificate}\", algorithm: PS256}";
    private static final String SECRET = "    client-secret: ${client-secret}\n";

    @Test
    void a_client_proves_itself_in_one_way() {
        assertThat(faults(ENTRA, SECRET, "")).singleElement().asString().contains("prove themselves by client-secret or by assertion, and here is neither");
        assertThat(faults(ENTRA, SECRET, SECRET + ASSERTION + "\n")).singleElement().asString().contains("here are both");
    }

    @Test
    void a_key_is_a_secret() {
        assertThat(faults(ENTRA, "{env: ENTRA_CERTIFICATE, secret: true}", "{env: ENTRA_CERTIFICATE}")).singleElement().asString().contains("'key' proves who the bridge is, and nothing in it is secret");
        assertThat(faults(GOOGLE, "key: \"${key}\"", "key: abc")).anySatisfy(fault -> assertThat(fault).contains("'key' proves who the bridge is"));
    }

    @Test
    void what_is_misspelt_in_one_of_several_ways_is_told_where_it_stands() {
        assertThat(faults(ENTRA, "algorithm: PS256", "algorithm: PS265")).singleElement().asString().startsWith(ENTRA).contains("did you mean 'PS256'?");
        assertThat(faults(ENTRA, "assertion: {key: \"${certificate}\"", "assertion: {kye: \"${certificate}\"")).anySatisfy(fault -> assertThat(fault).contains("unknown key 'kye'; did you mean 'key'?"));
        assertThat(faults(ENTRA, SECRET, "    client-secret: ${client-secrte}\n")).anySatisfy(fault -> assertThat(fault).contains("did you mean 'client-secret'?"));
        assertThat(faults(ENTRA, SECRET, SECRET + "    user: x\n")).singleElement().asString().contains("type client-credentials has no 'user'");
    }

    @Test
    void what_a_joined_read_is_looked_up_by() {
        assertThat(faults(GOOGLE, "    on: /orgUnitPath\n", "")).singleElement().asString().contains("'above' and 'value' say what a record finds, and nothing says what it looks for");
        assertThat(faults(GOOGLE, "    id: /id\n    by-id", "    id: /id\n    on: /x\n    by-id")).singleElement().asString().contains("'users' is no joined read");
    }
}
