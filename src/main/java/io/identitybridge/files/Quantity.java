package io.identitybridge.files;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations and shares as the files write them. */
public final class Quantity {
    private Quantity() {
    }

    /** {@code 30s}, {@code 5m}, {@code 24h} or {@code 3d}. */
    public static Duration duration(String written) {
        if (!written.matches("[0-9]{1,6}[smhd]")) {
            throw new IllegalArgumentException("'" + written + "' is not a duration such as 24h, 5m or 30s");
        }
        long amount = Long.parseLong(written.substring(0, written.length() - 1));
        return switch (written.charAt(written.length() - 1)) {
            case 's' -> Duration.ofSeconds(amount);
            case 'm' -> Duration.ofMinutes(amount);
            case 'h' -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** {@code 5%} gives 0.05. */
    public static double share(String written) {
        if (!written.matches("(100|[0-9]{1,2}(\\.[0-9]{1,3})?)%")) {
            throw new IllegalArgumentException("'" + written + "' is not a share such as 5%");
        }
        return new BigDecimal(written.substring(0, written.length() - 1)).movePointLeft(2).doubleValue();
    }
}
