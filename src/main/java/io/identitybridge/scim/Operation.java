package io.identitybridge.scim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One operation of a PATCH (RFC 7644, 3.5.2), its op in lower case.
 *
 * @param path empty where the value names the attributes
 */
record Operation(Op op, Optional<String> path, Object value) {
    private static final int MOST = 10_000;

    enum Op { ADD, REPLACE, REMOVE }

    /** The operations of a body. A body without any is a whole resource: one path-less replace, as ConnId sends it. */
    static List<Operation> of(Map<String, Object> body, Repairs repairs) {
        Object written = written(body, repairs);
        if (written == null) {
            ScimOne.refuse(body);
            if (body.keySet().stream().noneMatch(Operation::isAttribute)) {
                throw ScimError.invalidSyntax("a PATCH has 'Operations'");
            }
            repairs.did("a whole resource for a PATCH");
            return List.of(new Operation(Op.REPLACE, Optional.empty(), body));
        }
        List<?> list = written instanceof List<?> many ? many : List.of(written);
        if (list.size() > MOST) {
            throw ScimError.tooLarge("more than " + MOST + " operations in one PATCH");
        }
        List<Operation> operations = new ArrayList<>();
        list.forEach(one -> operations.addAll(one(one, repairs)));
        refuseNothing(operations);
        return operations;
    }

    /** Where no path says what is meant, and nothing in the values is an attribute: called done it would change nothing, and who was to leave by it would stay. */
    private static void refuseNothing(List<Operation> operations) {
        if (operations.stream().allMatch(operation -> operation.path().isEmpty())) {
            List<String> names = operations.stream().flatMap(operation -> operation.parts().keySet().stream()).toList();
            if (!names.isEmpty() && names.stream().noneMatch(Operation::isName)) {
                throw ScimError.invalidValue("nothing in the values of these operations is an attribute; without a path, a value is an object of attributes");
            }
        }
    }

    /** Whether it names anything of a resource, or may do so by a schema not known here. */
    private static boolean isName(String written) {
        try {
            return known(FilterParser.path(written).path()).anyMatch(known -> !(known instanceof Known.Nothing));
        } catch (Malformed none) {
            return false;
        }
    }

    /** The operations as they stand in a body, one without a list around it, too; null where there are none. */
    static Object written(Map<String, Object> body, Repairs repairs) {
        if (member(body, "op") == null || member(body, "Operations") != null) {
            return member(body, "Operations");
        }
        repairs.did("an operation without 'Operations'");
        return body;
    }

    /** Whether it names what a client can set, in whatever resource. */
    private static boolean isAttribute(String name) {
        return known(AttributePath.of(name)).anyMatch(known -> known instanceof Known.Ours || known instanceof Known.Extension || known instanceof Known.Secret);
    }

    /** What it names in resources of each type. */
    private static Stream<Known> known(AttributePath path) {
        return Stream.of(ResourceType.values()).map(type -> type.known(path));
    }

    private static List<Operation> one(Object written, Repairs repairs) {
        if (!(written instanceof Map<?, ?> map)) {
            throw ScimError.invalidSyntax("an operation is an object");
        }
        Op op = op(member(map, "op"), repairs);
        Optional<String> path = Optional.ofNullable(member(map, "path")).map(Object::toString).filter(text -> !text.isBlank()).map(String::strip);
        Object value = member(map, "value");
        if (path.isEmpty() && op == Op.REMOVE) {
            throw ScimError.noTarget("a remove needs a path");
        }
        if (path.isPresent()) {
            if (op != Op.REMOVE && map.keySet().stream().noneMatch(name -> "value".equalsIgnoreCase(String.valueOf(name)))) {
                throw ScimError.invalidValue("an add or replace has a 'value'; null clears");
            }
            return List.of(new Operation(op, path, value));
        }
        if (value instanceof List<?> several) {
            repairs.did("a list of objects without a path");
            return several.stream().map(part -> new Operation(op, Optional.empty(), object(part))).toList();
        }
        return List.of(new Operation(op, path, object(value)));
    }

    /** The names and values of a path-less value. */
    @SuppressWarnings("unchecked")
    Map<String, Object> parts() {
        return (Map<String, Object>) value;
    }

    private static Object object(Object value) {
        if (value instanceof Map<?, ?>) {
            return value;
        }
        throw ScimError.invalidValue("without a path, the value of an operation is an object");
    }

    private static Op op(Object word, Repairs repairs) {
        try {
            Op op = Op.valueOf(String.valueOf(word).strip().toUpperCase(Locale.ROOT));
            if (!op.name().toLowerCase(Locale.ROOT).equals(word)) {
                repairs.did("an op in capitals");
            }
            return op;
        } catch (IllegalArgumentException e) {
            throw ScimError.invalidSyntax("an operation's op is add, replace or remove");
        }
    }

    /** Its value by a name in any case; null where there is none. */
    static Object member(Map<?, ?> map, String name) {
        return map.containsKey(name) ? map.get(name) : map.entrySet().stream().filter(entry -> name.equalsIgnoreCase(String.valueOf(entry.getKey()))).map(Map.Entry::getValue).findFirst().orElse(null);
    }
}
