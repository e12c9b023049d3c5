package io.identitybridge.mapping;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds every field that an expression names. */
final class FieldPaths {
    private static final Set<String> OPTIONAL = Set.of("_?._", "_[?_]");

    private final List<FieldPath> found = new ArrayList<>();
    private final Set<String> own = new HashSet<>();

    private FieldPaths() {
    }

    static List<FieldPath> of(CelExpr expression) {
        FieldPaths paths = new FieldPaths();
        paths.visit(expression);
        return paths.found;
    }

    private void visit(CelExpr expression) {
        Optional<FieldPath> chain = chain(expression);
        if (chain.isPresent()) {
            if (!own.contains(chain.get().root())) {
                found.add(chain.get());
            }
            return;
        }
        switch (expression.exprKind().getKind()) {
            case SELECT -> visit(expression.select().operand());
            case CALL -> {
                expression.call().target().ifPresent(this::visit);
                expression.call().args().forEach(this::visit);
            }
            case LIST -> expression.list().elements().forEach(this::visit);
            case MAP -> expression.map().entries().forEach(entry -> {
                visit(entry.key());
                visit(entry.value());
            });
            case STRUCT -> expression.struct().entries().forEach(entry -> visit(entry.value()));
            case COMPREHENSION -> comprehension(expression);
            case IDENT, CONSTANT, NOT_SET -> { }
        }
    }

    private void comprehension(CelExpr expression) {
        visit(expression.comprehension().iterRange());
        visit(expression.comprehension().accuInit());
        own.add(expression.comprehension().iterVar());
        own.add(expression.comprehension().iterVar2());
        own.add(expression.comprehension().accuVar());
        visit(expression.comprehension().loopCondition());
        visit(expression.comprehension().loopStep());
        visit(expression.comprehension().result());
    }

    /** {@code record.a.?b["c"]} as one path; empty for anything that is no plain chain of fields. */
    private static Optional<FieldPath> chain(CelExpr expression) {
        return switch (expression.exprKind().getKind()) {
            case IDENT -> Optional.of(new FieldPath(expression.ident().name(), List.of(), true));
            case SELECT -> chain(expression.select().operand()).map(path -> longer(path, expression.select().field(), expression.select().testOnly()));
            case CALL -> {
                String function = expression.call().function();
                boolean index = function.equals("_[_]") || OPTIONAL.contains(function);
                yield index ? constant(expression.call().args().get(1)).flatMap(field ->
                        chain(expression.call().args().getFirst()).map(path -> longer(path, field, OPTIONAL.contains(function)))) : Optional.empty();
            }
            case CONSTANT, LIST, MAP, STRUCT, COMPREHENSION, NOT_SET -> Optional.empty();
        };
    }

    private static FieldPath longer(FieldPath path, String field, boolean optional) {
        List<String> fields = new ArrayList<>(path.fields());
        fields.add(field);
        return new FieldPath(path.root(), fields, path.required() && !optional);
    }

    private static Optional<String> constant(CelExpr expression) {
        return expression.exprKind().getKind() == CelExpr.ExprKind.Kind.CONSTANT && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? Optional.of(expression.constant().stringValue()) : Optional.empty();
    }
}
