package io.identitybridge.model;

/**
 * What is wrong in a file, where, and what to do.
 *
 * @param line   from 1; 0 where the whole file is meant
 * @param column from 1; 0 where the whole line is meant
 */
public record FileFault(String file, int line, int column, String wrong, String todo) implements Comparable<FileFault> {
    /** {@code mappings/okta.yaml:12:3: unknown key 'usre'; did you mean 'user'?} */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + wrong + (todo.isEmpty() ? "" : "; " + todo);
    }

    @Override
    public int compareTo(FileFault other) {
        int byFile = file.compareTo(other.file);
        int byLine = byFile != 0 ? byFile : Integer.compare(line, other.line);
        return byLine != 0 ? byLine : Integer.compare(column, other.column);
    }
}
