package io.identitybridge.mapping;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import io.identitybridge.files.DidYouMean;
import io.identitybridge.files.Expr;
import io.identitybridge.model.FileFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compiles the expressions of one file, and gathers what is wrong with them. */
final class Compiler {
    /** Three nested loops over 400 items would run for minutes; this many steps end within about a second. */
    private static final int MOST_ITERATIONS = 20_000;
    private static final int LONGEST = 4_096;
    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'.*", Pattern.DOTALL);
    private static final Set<String> FUNCTIONS = Set.of("lowerAscii", "upperAscii", "split", "join", "trim", "replace", "substring", "charAt", "indexOf", "lastIndexOf", "startsWith", "endsWith",
            "contains", "matches", "size", "filter", "map", "exists", "all", "exists_one", "orValue", "hasValue", "timestamp", "duration", "string", "int", "double", "bool", "has", "reverse");

    /** How its parser begins what it says. */
    private static final Pattern SYNTAX = Pattern.compile("^(extraneous|mismatched|missing|token recognition|no viable)");

    private final Cel cel;
    private final Set<String> variables = new TreeSet<>();
    private final List<FileFault> faults = new ArrayList<>();
    private final List<Expression> compiled = new ArrayList<>();

    /** @param objects variables that hold an object; {@code others} hold what joined reads gave */
    Compiler(Set<String> objects, Set<String> others) {
        CelBuilder builder = BoundedText.into(CelFactory.standardCelBuilder()).addVar("now", SimpleType.TIMESTAMP)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addCompilerLibraries(CelExtensions.optional())
                .addRuntimeLibraries(CelExtensions.optional())
                .setOptions(CelOptions.current().comprehensionMaxIterations(MOST_ITERATIONS).maxExpressionCodePointSize(LONGEST).build());
        objects.forEach(name -> builder.addVar(name, MapType.create(SimpleType.STRING, SimpleType.DYN)));
        others.forEach(name -> builder.addVar(name, SimpleType.DYN));
        this.cel = builder.build();
        variables.addAll(objects);
        variables.addAll(others);
        variables.add("now");
    }

    List<FileFault> faults() {
        return faults;
    }

    List<Expression> compiled() {
        return compiled;
    }

    /** The expression, which must give a value of that kind; a faulty one is reported and stands for nothing. */
    Optional<Expression> compile(Expr source, CelKind kind) {
        CelValidationResult result = cel.compile(source.text());
        if (result.hasError()) {
            result.getErrors().forEach(issue -> faults.add(fault(source, issue)));
            return Optional.empty();
        }
        try {
            CelAbstractSyntaxTree tree = result.getAst();
            if (!fits(tree.getResultType(), kind)) {
                faults.add(source.at().fault("this gives a " + tree.getResultType().name() + ", a " + name(kind) + " is needed",
                        tree.getResultType().name().startsWith("optional") ? "end it with .orValue(...)" : "convert it, for instance with string(...)"));
                return Optional.empty();
            }
            Expression expression = new Expression(cel.createProgram(tree), FieldPaths.of(tree.getExpr()));
            compiled.add(expression);
            return Optional.of(expression);
        } catch (dev.cel.common.CelValidationException | CelEvaluationException e) {
            faults.add(source.at().fault("this expression cannot be planned: " + e.getMessage(), "write it more simply"));
            return Optional.empty();
        }
    }

    private static boolean fits(CelType type, CelKind kind) {
        return type.kind() == CelKind.DYN || type.kind() == kind;
    }

    private static String name(CelKind kind) {
        return switch (kind) {
            case BOOL -> "truth value (true or false)";
            case LIST -> "list";
            default -> "text";
        };
    }

    private FileFault fault(Expr source, CelIssue issue) {
        int line = issue.getSourceLocation().getLine();
        int column = issue.getSourceLocation().getColumn();
        String message = issue.getMessage().replace(" (in container '')", "").replaceAll("\\s+", " ");
        message = message.replaceFirst(" \\(candidates: .*", "");
        Matcher undeclared = UNDECLARED.matcher(message);
        String todo = SYNTAX.matcher(message).find() ? "an operator, a quote or a bracket is too many or too few here" : "see CEL's language definition, https://cel.dev";
        if (undeclared.matches()) {
            Set<String> known = new TreeSet<>(FUNCTIONS);
            known.addAll(variables);
            todo = DidYouMean.hint(undeclared.group(1), known);
        } else if (message.startsWith("found no matching overload")) {
            todo = "the types do not go together; convert one of them";
        }
        return new FileFault(source.at().file(), source.at().line() + Math.max(0, line - 1), line <= 1 ? source.at().column() + Math.max(0, column) : column + 1, message, todo);
    }
}
