package io.identitybridge.scim;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/** The body of a request: parsed from its stream when it is wanted, as far as is allowed, and then kept until the request is answered. */
public final class Body implements AutoCloseable {
    private final InputStream stream;
    private final LargeBodies others;
    private Optional<Map<String, Object>> read = Optional.empty();
    private boolean entered;

    public Body(InputStream stream) {
        this(stream, LargeBodies.ofThisJvm());
    }

    Body(InputStream stream, LargeBodies others) {
        this.stream = stream;
        this.others = others;
    }

    public static Body of(byte[] bytes) {
        return new Body(new ByteArrayInputStream(bytes));
    }

    /** The object that it is; one of more bytes than allowed is refused with 413. Nothing in it is to be changed: the request may be handled again. */
    Map<String, Object> object(int most) {
        if (read.isEmpty()) {
            read = Optional.of(Json.request(new Bounded(stream, most, this::enter)));
        }
        return read.get();
    }

    /** What was read of it; empty where nobody wanted it, or it was refused. */
    Optional<Map<String, Object>> kept() {
        return read;
    }

    private void enter() {
        others.enter();
        entered = true;
    }

    /** It is not needed any more. */
    @Override
    public void close() {
        read = Optional.empty();
        if (entered) {
            entered = false;
            others.leave();
        }
    }
}
