package io.identitybridge.mapping;

import io.identitybridge.model.Cause;
import io.identitybridge.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads one record attribute by attribute, and gathers what could not be read. */
final class Attempt {
    private final String resource;
    private final String key;
    private final List<Problem> problems = new ArrayList<>();

    Attempt(String resource, String key) {
        this.resource = resource;
        this.key = key;
    }

    List<Problem> problems() {
        return problems;
    }

    /** The attribute as text, by its expression, else by SCIM's own name. */
    Optional<String> text(String name, Optional<Expression> expression, Map<String, Object> variables, Function<Map<String, Object>, Optional<String>> otherwise, Map<String, Object> resource) {
        if (expression.isEmpty()) {
            Optional<String> found = otherwise.apply(resource);
            if (found.isEmpty()) {
                fail(name, "no value for '" + name + "'");
            }
            return found;
        }
        return text(name, expression.get(), variables).filter(value -> {
            if (value.isBlank()) {
                fail(name, "it gives an empty text");
            }
            return !value.isBlank();
        });
    }

    /** What the expression gives as text, which may be an empty one. */
    Optional<String> text(String name, Expression expression, Map<String, Object> variables) {
        return value(name, expression, variables).flatMap(value -> {
            if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                return Optional.of(value.toString());
            }
            fail(name, "it gives no text");
            return Optional.empty();
        });
    }

    /** The attribute as truth value; empty, with a problem, if it could not be read. */
    Optional<Boolean> truth(String name, Expression expression, Map<String, Object> variables) {
        return value(name, expression, variables).flatMap(value -> {
            if (value instanceof Boolean truth) {
                return Optional.of(truth);
            }
            fail(name, "it gives neither true nor false");
            return Optional.empty();
        });
    }

    Optional<Object> value(String name, Expression expression, Map<String, Object> variables) {
        return switch (expression.evaluate(variables)) {
            case Expression.Result.Value value -> Optional.of(value.value());
            case Expression.Result.None none -> {
                fail(name, none.why());
                yield Optional.empty();
            }
        };
    }

    void fail(String name, String why) {
        problems.add(new Problem(Cause.MAPPING_POISON, resource, key, name, why));
    }
}
