package io.identitybridge.scim;

/** Cuts a filter or a path into words, quoted texts and brackets. */
final class Lexer {
    private final String text;
    private int at;

    Lexer(String text) {
        this.text = text;
    }

    boolean atEnd() {
        blanks();
        return at == text.length();
    }

    /** Takes this character if it comes next, after blanks. */
    boolean take(char wanted) {
        blanks();
        return takeHere(wanted);
    }

    /** Takes this character if it comes next at once. */
    boolean takeHere(char wanted) {
        boolean there = at < text.length() && text.charAt(at) == wanted;
        at += there ? 1 : 0;
        return there;
    }

    void expect(char wanted) {
        if (!take(wanted)) {
            throw new Malformed("'" + wanted + "' is missing at " + place());
        }
    }

    boolean quoteNext() {
        blanks();
        return at < text.length() && text.charAt(at) == '"';
    }

    /** The next word, and back again if it is not wanted. */
    String peek() {
        int before = at;
        blanks();
        int from = at;
        while (at < text.length() && wordPart(text.charAt(at))) {
            at++;
        }
        String word = text.substring(from, at);
        at = before;
        return word;
    }

    /** The next word: a path, an operator or a bare value. */
    String word() {
        String word = peek();
        if (word.isEmpty()) {
            throw new Malformed("a name is missing at " + place());
        }
        blanks();
        at += word.length();
        return word;
    }

    /** A quoted text with JSON's escapes. */
    String quoted() {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return whole(value.toString());
            }
            value.append(c == '\\' ? escaped() : c);
        }
        throw new Malformed("a quoted text does not end");
    }

    private static String whole(String text) {
        try {
            return Texts.whole("filter", text);
        } catch (ScimError broken) {
            throw new Malformed("a text holds half a character or a NUL character");
        }
    }

    private char escaped() {
        if (at == text.length()) {
            throw new Malformed("a quoted text does not end");
        }
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw new Malformed("'\\" + c + "' is no escape");
        };
    }

    private char unicode() {
        try {
            at += 4;
            return (char) Integer.parseInt(text.substring(at - 4, at), 16);
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            throw new Malformed("'\\u' wants four hexadecimal digits");
        }
    }

    private String place() {
        return at >= text.length() ? "the end" : "character " + (at + 1);
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private static boolean wordPart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || ":._$-+".indexOf(c) >= 0;
    }
}
