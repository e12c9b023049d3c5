package io.identitybridge.source;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** UUIDs written as RFC 9562 does; Java's own reader takes shorter texts too. */
final class UuidText {
    private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private UuidText() {
    }

    static Optional<UUID> of(String text) {
        return FORM.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }
}
