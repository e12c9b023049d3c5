package io.identitybridge.store;

import java.time.Duration;

/** A length of time as a request writes it: {@code 30s}, {@code 5m}, {@code 24h} or {@code 3d}. */
public final class Age {
    private Age() {
    }

    /** Throws {@link BadQuery} for what is none. */
    public static Duration of(String text) {
        if (!text.matches("[0-9]{1,6}[smhd]")) {
            throw new BadQuery("'" + text.substring(0, Math.min(text.length(), 40)) + "' is no length of time such as 24h, 5m, 30s or 3d");
        }
        long amount = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(amount);
            case 'm' -> Duration.ofMinutes(amount);
            case 'h' -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
