package io.identitybridge.check;

import io.identitybridge.files.DidYouMean;
import io.identitybridge.files.Expr;
import io.identitybridge.files.MappingFile;
import io.identitybridge.files.Where;
import io.identitybridge.model.FileFault;
import io.identitybridge.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a test came to against what it expects, each difference at the line it is about. */
final class Differences {
    private final MappingFile file;
    private final MappingFile.Test test;
    private final Outcome outcome;
    private final List<FileFault> faults = new ArrayList<>();

    Differences(MappingFile file, MappingFile.Test test, Outcome outcome) {
        this.file = file;
        this.test = test;
        this.outcome = outcome;
    }

    List<FileFault> faults() {
        List<Problem> unexpected = outcome.hints().stream().filter(problem -> test.deadLetters().stream().noneMatch(line -> says(line, problem))).toList();
        if (!unexpected.isEmpty()) { // the rest follows from it
            unexpected.forEach(problem -> faults.add(letter(problem)));
            return faults;
        }
        compare("plan", test.plan(), outcome.plan());
        compare("refused", test.refused(), outcome.refused().stream().distinct().toList());
        compare("dead-letters", test.deadLetters(), outcome.problems().stream().map(Problem::sentence).distinct().toList());
        compare("held", test.held().stream().toList(), outcome.held());
        return faults;
    }

    private static boolean says(String line, Problem problem) {
        return line.equals(problem.sentence()) || problem.sentence().startsWith(line + "; did you mean");
    }

    /** A record that cannot be read points at the expression that reads it. */
    private FileFault letter(Problem problem) {
        Optional<Expr> expression = Expressions.of(file, problem.resource(), problem.where());
        String[] parts = problem.message().split("; ", 2);
        String todo = (parts.length > 1 ? parts[1] + " " : "") + (parts.length > 1 ? "" : (bounded(problem) ? "give the tests people of your domains (src/docs/setup.md), or change portkey.yaml or" : "change") + " the expression, or expect the line under dead-letters: ");
        Where at = expression.map(expr -> Expressions.token(expr, parts[0])).orElse(test.at());
        return at.fault("test '" + test.name() + "': " + (expression.isPresent() ? parts[0] : problem.sentence()), todo.strip().replaceFirst(":$", " \"" + problem.sentence() + "\""));
    }

    /** Whether it is the organisation's file that refuses: its domains are often changed first, and the tests of all mappings have people of the old ones. */
    private static boolean bounded(Problem problem) {
        return problem.message().contains("(portkey.yaml: ");
    }

    private void compare(String key, List<String> expected, List<String> actual) {
        List<String> extra = new ArrayList<>(actual);
        expected.forEach(extra::remove);
        List<String> rest = new ArrayList<>(actual);
        List<Where> places = test.expected().getOrDefault(key, List.of(test.at()));
        for (int i = 0; i < expected.size(); i++) {
            String line = expected.get(i);
            if (!rest.remove(line)) {
                Optional<String> meant = DidYouMean.of(line, extra);
                meant.ifPresent(extra::remove);
                faults.add(places.get(Math.min(i + 1, places.size() - 1)).fault("test '" + test.name() + "': " + key + " has no line '" + line + "'",
                        meant.map(other -> "it has '" + other + "': change this line to that, or the rule")
                                .orElse("it has " + (actual.isEmpty() ? "none at all" : String.valueOf(actual)) + ": take this line away, or change the rule")));
            }
        }
        extra.forEach(line -> faults.add(places.getFirst().fault("test '" + test.name() + "': " + key + " also has '" + line + "'", "add it to " + key + ", or change what leads to it")));
    }
}
