package io.identitybridge.scim;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The body of a request: read when it is wanted, as far as is allowed, and then kept. */
public final class Body {
    private final InputStream stream;
    private Optional<byte[]> read = Optional.empty();

    public Body(InputStream stream) {
        this.stream = stream;
    }

    public static Body of(byte[] bytes) {
        return new Body(new ByteArrayInputStream(bytes));
    }

    /** The whole body; one of more bytes than allowed is refused with 413. */
    byte[] bytes(int most) {
        if (read.isEmpty()) {
            read = Optional.of(all(most));
        }
        return read.get();
    }

    /** What was read of it; empty where nobody wanted it, or it was refused. */
    Optional<byte[]> kept() {
        return read;
    }

    private byte[] all(int most) {
        try {
            byte[] bytes = stream.readNBytes(most + 1);
            if (bytes.length > most) {
                throw ScimError.tooLarge("the body is longer than " + most + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw ScimError.invalidSyntax("the body ended before it was whole");
        }
    }
}
