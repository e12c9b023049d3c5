package io.identitybridge.scim;

import io.identitybridge.store.Match;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parses filters and the paths of a PATCH, whole grammar, operators and names in any case. At most 4 KiB, 64 terms, nested 32 deep. */
final class FilterParser {
    private static final int LONGEST = 4096;
    private static final int MOST_TERMS = 64;
    private static final int DEEPEST = 32;
    private static final Pattern NAME = Pattern.compile("(?:[uU][rR][nN]:[A-Za-z0-9:._$+-]+:)?[A-Za-z$][A-Za-z0-9_$-]*(?:\\.[A-Za-z$][A-Za-z0-9_$-]*)?");

    private final Lexer lexer;
    private int terms;
    private int depth;

    private FilterParser(String text) {
        if (text.length() > LONGEST || text.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw new Malformed("longer than " + LONGEST + " bytes in UTF-8");
        }
        this.lexer = new Lexer(text);
    }

    static Filter filter(String text) {
        FilterParser parser = new FilterParser(text);
        Filter filter = parser.or();
        parser.end();
        return filter;
    }

    static Target path(String text) {
        FilterParser parser = new FilterParser(text);
        String word = parser.lexer.word();
        boolean whole = Schema.ALL.stream().anyMatch(schema -> schema.is(word));
        AttributePath path = whole ? AttributePath.of(word) : attribute(word);
        Optional<Filter> where = Optional.empty();
        if (parser.lexer.take('[')) {
            where = Optional.of(parser.or());
            parser.lexer.expect(']');
            if (parser.lexer.takeHere('.')) {
                path = path.withSub(plain(parser.lexer.word()));
            }
        }
        parser.end();
        return new Target(path, where);
    }

    private Filter or() {
        List<Filter> parts = new ArrayList<>(List.of(and()));
        while (keyword("or")) {
            parts.add(and());
        }
        return parts.size() == 1 ? parts.getFirst() : new Filter.Or(parts);
    }

    private Filter and() {
        List<Filter> parts = new ArrayList<>(List.of(term()));
        while (keyword("and")) {
            parts.add(term());
        }
        return parts.size() == 1 ? parts.getFirst() : new Filter.And(parts);
    }

    private Filter term() {
        if (++depth > DEEPEST) {
            throw new Malformed("nested deeper than " + DEEPEST);
        }
        Filter term = keyword("not") ? new Filter.Not(group()) : lexer.take('(') ? groupRest() : expression();
        depth--;
        return term;
    }

    private Filter group() {
        lexer.expect('(');
        return groupRest();
    }

    private Filter groupRest() {
        Filter inside = or();
        lexer.expect(')');
        return inside;
    }

    private Filter expression() {
        if (++terms > MOST_TERMS) {
            throw new Malformed("more than " + MOST_TERMS + " terms");
        }
        AttributePath path = attribute(lexer.word());
        if (!lexer.take('[')) {
            return comparison(path);
        }
        Filter inside = or();
        lexer.expect(']');
        if (!lexer.takeHere('.')) {
            return new Filter.Some(path, inside);
        }
        Filter part = comparison(AttributePath.of(plain(lexer.word()))); // emails[type eq "work"].value eq "...", as Entra writes it
        return new Filter.Some(path, new Filter.And(List.of(inside, part)));
    }

    private Filter comparison(AttributePath path) {
        String word = lexer.word().toUpperCase(Locale.ROOT);
        return word.equals("PR") ? new Filter.Present(path) : new Filter.Compare(path, operator(word), value());
    }

    private Object value() {
        if (lexer.quoteNext()) {
            return lexer.quoted();
        }
        String word = lexer.word();
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> Filter.NULL;
            default -> number(word);
        };
    }

    private boolean keyword(String wanted) {
        boolean there = lexer.peek().equalsIgnoreCase(wanted);
        if (there) {
            lexer.word();
        }
        return there;
    }

    private void end() {
        if (!lexer.atEnd()) {
            throw new Malformed("something is left over after the end");
        }
    }

    private static Object number(String word) {
        try {
            return word.matches("-?[0-9]{1,18}") ? (Object) Long.valueOf(word) : new BigDecimal(word);
        } catch (NumberFormatException e) {
            throw new Malformed("a text value stands in quotes");
        }
    }

    private static Match.Op operator(String word) {
        try {
            return Match.Op.valueOf(word);
        } catch (IllegalArgumentException e) {
            throw new Malformed("an operator is one of eq, ne, co, sw, ew, pr, gt, ge, lt, le");
        }
    }

    private static AttributePath attribute(String word) {
        if (!NAME.matcher(word).matches()) {
            throw new Malformed("this is no name of an attribute");
        }
        return AttributePath.of(word);
    }

    private static String plain(String word) {
        if (word.indexOf(':') >= 0 || word.indexOf('.') >= 0) {
            throw new Malformed("this is no name of a part");
        }
        return word;
    }
}
