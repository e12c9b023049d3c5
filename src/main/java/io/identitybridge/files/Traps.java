package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Says in plain words where YAML reads something else than was meant. */
final class Traps {
    private static final String QUOTE = "put the whole value in single quotes";
    private static final Pattern VALUE = Pattern.compile("^\\s*(?:- +)*(?:[^\\s'\"\\[{#][^:#]*:\\s+)?(?<value>\\S.*)$");
    private static final Pattern GLUED = Pattern.compile("^(?<key>[A-Za-z][\\w-]*):(?<value>[^\\s:/].*)$");
    private static final Pattern OPEN_END = Pattern.compile(".*([+*/&|=<>?,(\\[{]|\\s-)$");

    private final String file;
    private final List<String> lines;

    Traps(String file, String text) {
        this.file = file;
        this.lines = text.lines().toList();
    }

    /** A tag: almost always an expression that begins with an unquoted {@code !}. */
    Optional<FileFault> tag(Node node) {
        Mark mark = node.getStartMark().orElseThrow();
        boolean ours = node.getTag().getValue().startsWith("tag:yaml.org,2002:") || node.getTag().equals(Tag.ENV_TAG);   // ENV_TAG: how it marks a plain ${name}
        return ours ? Optional.empty() : Optional.of(fault(mark, "a value that begins with ! is a tag in YAML, and what follows it is lost", QUOTE));
    }

    /** A value that ended at {@code " #"} though it goes on behind it. */
    Optional<FileFault> cutOff(ScalarNode node) {
        Mark end = node.getEndMark().orElseThrow();
        String line = line(end.getLine() + 1);
        int column = Math.min(line.offsetByCodePoints(0, Math.min(end.getColumn(), line.codePointCount(0, line.length()))), line.length());
        String rest = line.substring(column);
        if (node.getScalarStyle() != ScalarStyle.PLAIN || node.getValue().isEmpty() || !rest.stripLeading().startsWith("#")) {
            return Optional.empty();
        }
        boolean glued = rest.startsWith(" #") && rest.length() > 2 && !Character.isWhitespace(rest.charAt(2)) && rest.charAt(2) != '#';
        return glued || unfinished(node.getValue())
                ? Optional.of(fault(end, "the value ends here: ' #' begins a comment in YAML, so '" + shortened(node.getValue()) + "' is all that is read",
                        QUOTE + ", or write '# ' before a comment"))
                : Optional.empty();
    }

    private static boolean unfinished(String value) {
        boolean text = value.chars().filter(c -> c == '"').count() % 2 == 1;
        boolean quoted = value.endsWith("'") && value.chars().filter(c -> c == '\'').count() % 2 == 1;
        return text || quoted || OPEN_END.matcher(value).matches() || opened(value, '(', ')') || opened(value, '[', ']') || opened(value, '{', '}');
    }

    private static boolean opened(String value, char open, char close) {
        return value.chars().filter(c -> c == open).count() > value.chars().filter(c -> c == close).count();
    }

    /** The fault of a text that is no YAML. */
    FileFault explain(MarkedYamlEngineException e) {
        Mark mark = e.getProblemMark().or(e::getContextMark).orElseThrow();
        String line = line(mark.getLine() + 1);
        String problem = e.getProblem();
        if (line.substring(0, line.length() - line.stripLeading().length()).contains("\t") || problem.contains("TAB")) {
            return new FileFault(file, mark.getLine() + 1, line.indexOf('\t') + 1, "a tab; YAML is indented by blanks only", "replace the tab by blanks");
        }
        return value(line).flatMap(value -> start(mark, line, value, problem)).orElseGet(() -> structure(e, mark, line));
    }

    /** Traps of how a value begins. */
    private Optional<FileFault> start(Mark mark, String line, String value, String problem) {
        int column = line.indexOf(value) + 1;
        String wrong = switch (value.charAt(0)) {
            case '!' -> "a value that begins with ! is a tag in YAML";
            case '{', '[' -> problem.contains("<scalar>") || problem.startsWith("expected ',' or")
                    ? "a value that begins with " + value.charAt(0) + " is a " + (value.charAt(0) == '{' ? "map" : "list") + " in YAML, and nothing may follow it" : "";
            case '"', '\'' -> problem.contains("<scalar>") ? "the value begins with a quoted part and goes on behind it" : "";
            case '&', '*', '@', '`', '%' -> "a value that begins with " + value.charAt(0) + " has a meaning of its own in YAML";
            case '>', '|' -> problem.startsWith("expected a comment") ? "a value that begins with " + value.charAt(0) + " is a block of lines in YAML" : "";
            default -> "";
        };
        return wrong.isEmpty() || !closesOnItsLine(value, problem) ? Optional.empty()
                : Optional.of(new FileFault(file, mark.getLine() + 1, column, wrong, QUOTE));
    }

    /** A list or map that is left open is another matter than one with something behind it. */
    private static boolean closesOnItsLine(String value, String problem) {
        return !problem.startsWith("expected ',' or") || !opened(value, '[', ']') && !opened(value, '{', '}');
    }

    /** Traps of how lines stand to each other. */
    private FileFault structure(MarkedYamlEngineException e, Mark mark, String line) {
        String problem = e.getProblem();
        Optional<FileFault> key = problem.startsWith("could not find expected ':'") ? e.getContextMark().flatMap(begin -> glued(begin.getLine() + 1)) : Optional.empty();
        if (key.isPresent()) {
            return key.get();
        }
        if (problem.startsWith("mapping values are not allowed")) {
            return colon(mark, line);
        }
        if (problem.startsWith("found unexpected end of stream") || problem.startsWith("expected ',' or")) {
            Mark open = e.getContextMark().orElse(mark);
            return comment(open).orElseGet(() -> fault(open, "a quote or bracket that is opened here is not closed", "close it"));
        }
        if (problem.startsWith("expected <block end>") || problem.startsWith("expected '<document start>'")) {
            return fault(mark, "broken indent: this line begins with " + indent(line) + " blanks, and no line above that it could belong to does", "give it the indent of its neighbours");
        }
        if (String.valueOf(e.getContext()).matches("while scanning an (alias|anchor)")) {
            return fault(mark, "a value that begins with & or * is an anchor or alias in YAML", "put it in quotes");
        }
        if (problem.startsWith("but found another document")) {
            return fault(mark, "a second document begins here", "one file holds one document: take the --- away");
        }
        return fault(mark, "no YAML: " + (e.getContext() == null || e.getContext().isBlank() ? "" : e.getContext() + ", ") + problem, "if this is text, " + QUOTE);
    }

    private FileFault colon(Mark mark, String line) {
        int number = mark.getLine() + 1;
        int first = line.indexOf(": ") < 0 ? line.length() : line.indexOf(": ");
        if (first < mark.getColumn()) {
            return fault(mark, "': ' inside an unquoted value begins a map in YAML (a ternary needs quotes)", QUOTE);
        }
        int above = number - 1;
        while (above > 1 && (line(above).isBlank() || line(above).stripLeading().startsWith("#"))) {
            above--;
        }
        Optional<FileFault> key = glued(above);
        if (key.isPresent()) {
            return key.get();
        }
        if (above > 0 && indent(line) > indent(line(above))) {
            return fault(mark, "broken indent: this line is indented deeper than line " + above + ", which has a value already", "give it the indent of line " + above);
        }
        return new FileFault(file, Math.max(above, 1), 1, "no ': ' between a key and its value", "write  key: value");
    }

    /** A list or map on one line that ends at {@code " #"}: what was to close it is a comment. */
    private Optional<FileFault> comment(Mark open) {
        int hash = line(open.getLine() + 1).indexOf(" #", open.getColumn());
        return hash < 0 ? Optional.empty() : Optional.of(new FileFault(file, open.getLine() + 1, hash + 1,
                "' #' begins a comment in YAML, so what is opened in column " + (open.getColumn() + 1) + " is not closed", "put the value with the # in quotes, as [\"Team #1\"]"));
    }

    /** {@code group:Sales} in that line: no blank, no key. */
    private Optional<FileFault> glued(int number) {
        String line = line(number);
        int begin = line.length() - line.replaceFirst("^\\s*(?:- +)*", "").length();
        return glued(line.substring(begin), new Where(file, number, begin + 1));
    }

    /** The same of a text that begins at that place. */
    static Optional<FileFault> glued(String text, Where at) {
        Matcher glued = GLUED.matcher(text);
        return glued.matches() ? Optional.of(new Where(at.file(), at.line(), at.column() + glued.group("key").length())
                .fault("no blank behind the ':' of '" + glued.group("key") + "', so it is no key", "write  " + glued.group("key") + ": " + glued.group("value").strip())) : Optional.empty();
    }

    private static Optional<String> value(String line) {
        Matcher matcher = VALUE.matcher(line);
        return matcher.matches() ? Optional.of(matcher.group("value")) : Optional.empty();
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    private static String shortened(String value) {
        return value.length() > 60 ? value.substring(0, 57) + "..." : value;
    }

    private String line(int number) {
        return number >= 1 && number <= lines.size() ? lines.get(number - 1) : "";
    }

    private FileFault fault(Mark mark, String wrong, String todo) {
        return new FileFault(file, mark.getLine() + 1, mark.getColumn() + 1, wrong, todo);
    }
}
