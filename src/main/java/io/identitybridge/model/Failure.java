package io.identitybridge.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * One thing that went wrong, as far as {@code routes/errors.causes.yaml} has to know it.
 *
 * @param where      on which side of the bridge
 * @param call       what was being done there; {@link Call#OTHER} where that is no call
 * @param departed   whether it was about a person who has left, or a workspace that has ended
 * @param status     the HTTP status of the answer; empty where none came
 * @param code       the answer's own error code, as {@code AB03}
 * @param body       what the answer or the exception said; at most {@value #LONGEST} characters are kept
 * @param exceptions simple and whole class names of the exception, of what it extends and of its causes; empty for an answer
 */
public record Failure(Where where, Call call, boolean departed, Optional<Integer> status, Optional<String> code, String body, List<String> exceptions) {
    /** The length beyond which no answer is looked at. */
    public static final int LONGEST = 8_000;
    private static final int DEEPEST = 10;

    public Failure {
        Objects.requireNonNull(where);
        Objects.requireNonNull(call);
        body = body.length() > LONGEST ? body.substring(0, LONGEST) : body;
        exceptions = List.copyOf(exceptions);
    }

    /** The side on which it went wrong: an IdP, Portkey, or the files in between. */
    public enum Where {
        SOURCE, TARGET, MAPPING
    }

    /** What was asked of the other side. */
    public enum Call {
        /** A page of many. */
        LIST,
        /** One thing by its id. */
        READ,
        CREATE, UPDATE, DELETE, OTHER
    }

    /** An answer that is none. */
    public static Failure answered(Where where, Call call, boolean departed, int status, Optional<String> code, String body) {
        return new Failure(where, call, departed, Optional.of(status), code, body, List.of());
    }

    /** No answer: the exception and its causes, at most {@value #DEEPEST} of them. */
    public static Failure thrown(Where where, Call call, Throwable fault) {
        List<String> names = new ArrayList<>();
        int deep = 0;
        for (Throwable cause = fault; cause != null && deep < DEEPEST; cause = cause.getCause(), deep++) {
            for (Class<?> type = cause.getClass(); type != Object.class; type = type.getSuperclass()) {
                names.add(type.getSimpleName());
                names.add(type.getName());
            }
        }
        return new Failure(where, call, false, Optional.empty(), Optional.empty(), String.valueOf(fault.getMessage()), names);
    }

    /** Whether the answer holds one of these texts, whatever the case of either. */
    boolean saysOneOf(List<String> texts) {
        String said = body.toLowerCase(Locale.ROOT);
        return texts.stream().anyMatch(text -> said.contains(text.toLowerCase(Locale.ROOT)));
    }
}
