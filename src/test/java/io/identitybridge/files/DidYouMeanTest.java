package io.identitybridge.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DidYouMeanTest {
    @Test
    void two_swapped_letters_are_one_slip() {
        assertThat(DidYouMean.distance("usre", "user")).isEqualTo(1);
        assertThat(DidYouMean.of("idp", List.of("ipd"))).contains("ipd");
    }

    @Test
    void the_nearest_word_is_meant_and_case_does_not_count() {
        assertThat(DidYouMean.of("externalid", List.of("externalId", "internalId"))).contains("externalId");
    }

    @Test
    void an_unlike_word_means_nothing() {
        assertThat(DidYouMean.of("colour", List.of("user", "group"))).isEmpty();
        assertThat(DidYouMean.hint("colour", List.of("user", "group"))).isEqualTo("use one of group, user");
    }
}
