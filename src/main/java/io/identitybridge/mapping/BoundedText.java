package io.identitybridge.mapping;

import dev.cel.bundle.CelBuilder;
import dev.cel.checker.CelStandardDeclarations;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.extensions.CelStringExtensions.Function;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelEvaluationExceptionBuilder;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.standard.AddOperator.AddOverload;
import dev.cel.runtime.standard.CelStandardOverload;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * CEL's functions on text and lists, with those bounded whose result can be longer than what goes in: {@code replace}, {@code join} and
 * {@code +} give at most 8,192 characters or elements; {@code quote} is left out, because each use of it on its own result doubles that.
 */
final class BoundedText {
    private static final int LONGEST = 8_192;
    private static final Set<CelStandardOverload> GROWING = Set.of(AddOverload.ADD_STRING, AddOverload.ADD_LIST, AddOverload.ADD_BYTES);
    private static final Set<Function> AS_THEY_ARE = EnumSet.complementOf(EnumSet.of(Function.REPLACE, Function.JOIN, Function.QUOTE));

    private BoundedText() {
    }

    static CelBuilder into(CelBuilder builder) {
        CelStringExtensions others = CelExtensions.strings(AS_THEY_ARE);
        return builder.setStandardEnvironmentEnabled(false).setStandardDeclarations(CelStandardDeclarations.newBuilder().build())
                .setStandardFunctions(CelStandardFunctions.newBuilder().filterFunctions((function, overload) -> !GROWING.contains(overload)).build())
                .addCompilerLibraries(others).addRuntimeLibraries(others).addFunctionDeclarations(
                CelFunctionDecl.newFunctionDeclaration("replace",
                        CelOverloadDecl.newMemberOverload("string_replace_string_string", SimpleType.STRING, SimpleType.STRING, SimpleType.STRING, SimpleType.STRING),
                        CelOverloadDecl.newMemberOverload("string_replace_string_string_int", SimpleType.STRING, SimpleType.STRING, SimpleType.STRING, SimpleType.STRING, SimpleType.INT)),
                CelFunctionDecl.newFunctionDeclaration("join",
                        CelOverloadDecl.newMemberOverload("list_join", SimpleType.STRING, ListType.create(SimpleType.STRING)),
                        CelOverloadDecl.newMemberOverload("list_join_string", SimpleType.STRING, ListType.create(SimpleType.STRING), SimpleType.STRING)))
                .addFunctionBindings(
                        CelFunctionBinding.from("string_replace_string_string", List.of(String.class, String.class, String.class), a -> replace((String) a[0], (String) a[1], (String) a[2], -1)),
                        CelFunctionBinding.from("string_replace_string_string_int", List.of(String.class, String.class, String.class, Long.class), a -> replace((String) a[0], (String) a[1], (String) a[2], (Long) a[3])),
                        CelFunctionBinding.from("add_string", String.class, String.class, (a, b) -> bounded(a.length() + b.length()) ? a + b : a),
                        CelFunctionBinding.from("add_list", List.class, List.class, (a, b) -> bounded(a.size() + b.size()) ? joined(a, b) : a),
                        CelFunctionBinding.from("list_join", List.class, list -> join(list, "")),
                        CelFunctionBinding.from("list_join_string", List.class, String.class, BoundedText::join));
    }

    /** @param most how often at most; negative: everywhere. An empty text is found before each character and at the end, as CEL has it. */
    private static String replace(String text, String from, String to, long most) throws CelEvaluationException {
        StringBuilder made = new StringBuilder();
        int at = 0;
        long done = 0;
        for (int next = text.indexOf(from); next >= 0 && (most < 0 || done < most) && next <= text.length(); done++) {
            made.append(text, at, next).append(to);
            at = next;
            if (from.isEmpty()) {
                if (next == text.length()) {
                    return made.toString();
                }
                made.append(text.charAt(next));
                at = next + 1;
                next = at;
            } else {
                at = next + from.length();
                next = text.indexOf(from, at);
            }
            bounded(made);
        }
        bounded(made.append(text, at, text.length()));
        return made.toString();
    }

    private static String join(List<?> list, String separator) throws CelEvaluationException {
        StringBuilder made = new StringBuilder();
        for (Iterator<?> parts = list.iterator(); parts.hasNext();) {
            made.append(text(parts.next())).append(parts.hasNext() ? separator : "");
            bounded(made);
        }
        return made.toString();
    }

    /** A list of a record holds whatever the IdP sent: a null would be the word NULL_VALUE in somebody's name. */
    private static Object text(Object part) throws CelEvaluationException {
        if (part instanceof String || part instanceof Number || part instanceof Boolean) {
            return part;
        }
        throw CelEvaluationExceptionBuilder.newBuilder(part instanceof NullValue ? "join: a part is null; leave it out with .filter(part, part != null)" : "join: a part is no text").build();
    }

    private static void bounded(StringBuilder made) throws CelEvaluationException {
        bounded(made.length());
    }

    /** Always true where it does not throw. */
    private static boolean bounded(int length) throws CelEvaluationException {
        if (length > LONGEST) {
            throw CelEvaluationExceptionBuilder.newBuilder("more than " + LONGEST + " characters or elements").build();
        }
        return true;
    }

    private static List<Object> joined(List<?> one, List<?> other) {
        List<Object> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }
}
