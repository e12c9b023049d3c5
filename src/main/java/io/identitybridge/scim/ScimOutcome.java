package io.identitybridge.scim;

import io.identitybridge.model.Batch;
import java.util.Map;
import java.util.function.Supplier;

/** What a request comes to. */
public sealed interface ScimOutcome {
    /** What the request log says of it. */
    Notes notes();

    /** Answered at once; an empty body means none. */
    record Answer(int status, Map<String, String> headers, byte[] body, Notes notes) implements ScimOutcome {
        public Answer {
            headers = Map.copyOf(headers);
        }
    }

    /** A change to be written; {@code after} answers from what the store holds then. If the base has changed meanwhile, the request is handled again. */
    record Change(Batch.Pushed batch, Supplier<Answer> after, Notes notes) implements ScimOutcome {
    }

    /** Several changes, to be written one after the other. */
    record Several(Bulk bulk, Notes notes) implements ScimOutcome {
    }
}
