package io.identitybridge.files;

import io.identitybridge.model.FileFault;

/**
 * A place in a file.
 *
 * @param line   from 1
 * @param column from 1
 */
public record Where(String file, int line, int column) {
    /** A fault at this place. */
    public FileFault fault(String wrong, String todo) {
        return new FileFault(file, line, column, wrong, todo);
    }

    /** {@code mappings/okta.yaml:26}, as plans and {@code explain} name a rule. */
    public String rule() {
        return file + ":" + line;
    }
}
