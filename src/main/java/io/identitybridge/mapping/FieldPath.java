package io.identitybridge.mapping;

import dev.cel.common.values.NullValue;
import io.identitybridge.files.DidYouMean;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A field that an expression names, as {@code record.profile.login}.
 *
 * @param required false under {@code has()} and {@code .?field}: it may be missing
 */
record FieldPath(String root, List<String> fields, boolean required) {
    FieldPath {
        fields = List.copyOf(fields);
    }

    /** {@code no value for 'record.profile.logn'; did you mean 'login'?}, or empty when there is one. */
    Optional<String> missing(Map<String, Object> variables) {
        Object at = variables.get(root);
        for (String field : fields) {
            if (!(at instanceof Map<?, ?> map)) {
                return Optional.empty();
            }
            if (!map.containsKey(field)) {
                Optional<String> meant = DidYouMean.of(field, map.keySet().stream().map(String::valueOf).toList());
                return Optional.of("no value for '" + this + "'" + meant.map(word -> "; did you mean '" + word + "'?").orElse(""));
            }
            at = map.get(field);
        }
        return at == null || at instanceof NullValue ? Optional.of("no value for '" + this + "'") : Optional.empty();
    }

    @Override
    public String toString() {
        return fields.isEmpty() ? root : root + "." + String.join(".", fields);
    }
}
