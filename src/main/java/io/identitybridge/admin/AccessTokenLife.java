package io.identitybridge.admin;

import io.identitybridge.model.BadSetting;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.convert.DurationStyle;

/** How long an access token is good for: one hour, or what BRIDGE_ACCESS_TOKEN_LIFE says between one and six, as Entra asks it of its gallery. */
public final class AccessTokenLife {
    public static final String DEFAULT = "1h";
    private static final Duration SHORTEST = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofHours(6);

    private AccessTokenLife() {
    }

    /** @param said as {@code 1h}, {@code 90m} or {@code PT2H} */
    public static Duration of(String said) {
        return parsed(said.strip()).filter(life -> life.compareTo(SHORTEST) >= 0 && life.compareTo(LONGEST) <= 0)
                .orElseThrow(() -> new BadSetting("BRIDGE_ACCESS_TOKEN_LIFE", said, "Set it to how long an access token is good for, from 1h to 6h, as '90m'; without it, it is 1h."));
    }

    private static Optional<Duration> parsed(String text) {
        try {
            return Optional.of(DurationStyle.detectAndParse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
