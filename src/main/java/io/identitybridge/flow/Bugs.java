package io.identitybridge.flow;

import java.sql.SQLException;
import java.util.stream.Stream;

/** Says what broke, without the values that broke it: a database's detail line names people. */
final class Bugs {
    private static final int LONGEST = 300;
    private static final String OURS = "io.identitybridge.";

    private Bugs() {
    }

    static String said(Throwable fault) {
        Throwable root = fault;
        for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
            root = root.getCause();
        }
        String message = root instanceof SQLException sql ? sql.getSQLState() + " " + firstLine(sql.getMessage())
                : root instanceof IllegalStateException || root instanceof IllegalArgumentException ? firstLine(root.getMessage()) : at(root);
        return fault.getClass().getSimpleName() + ": " + message;
    }

    private static String at(Throwable root) {
        return root.getClass().getSimpleName() + Stream.of(root.getStackTrace()).filter(frame -> frame.getClassName().startsWith(OURS)).findFirst().or(() -> Stream.of(root.getStackTrace()).findFirst()).map(frame -> " at " + frame).orElse("");
    }

    private static String firstLine(String message) {
        String line = String.valueOf(message).lines().findFirst().orElse("");
        return line.length() > LONGEST ? line.substring(0, LONGEST) : line;
    }
}
