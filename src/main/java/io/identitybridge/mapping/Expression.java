package io.identitybridge.mapping;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelUnknownSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One compiled expression. It cannot reach Java, and its loops are bounded. */
final class Expression {
    private final CelRuntime.Program program;
    private final List<FieldPath> paths;

    Expression(CelRuntime.Program program, List<FieldPath> paths) {
        this.program = program;
        this.paths = List.copyOf(paths);
    }

    List<FieldPath> paths() {
        return paths;
    }

    boolean reads(String variable) {
        return paths.stream().anyMatch(path -> path.root().equals(variable));
    }

    /** What one evaluation gave. */
    sealed interface Result {
        record Value(Object value) implements Result {
        }

        /** Why there is none, in plain words. */
        record None(String why) implements Result {
        }
    }

    Result evaluate(Map<String, Object> variables) {
        try {
            Object value = program.eval(variables);
            return value == null || value instanceof NullValue || value instanceof CelUnknownSet ? new Result.None(missing(variables).orElse("it gives no value")) : new Result.Value(value);
        } catch (CelEvaluationException e) {
            return new Result.None(missing(variables).orElseGet(() -> plain(e)));
        }
    }

    /** The first field that the expression needs and the record has not. */
    private Optional<String> missing(Map<String, Object> variables) {
        return paths.stream().filter(FieldPath::required).flatMap(path -> path.missing(variables).stream()).findFirst();
    }

    private static String plain(CelEvaluationException e) {
        String message = String.valueOf(e.getMessage()).replaceFirst("^evaluation error(?: at <input>:\\d+)?: ", "").replaceAll("\\s+", " ");
        return "cannot be evaluated: " + (message.length() > 200 ? message.substring(0, 200) + "..." : message);
    }
}
