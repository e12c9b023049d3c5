package io.identitybridge.flow;

import java.sql.SQLException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.springframework.dao.DataIntegrityViolationException;

/** Work over a chunk that goes on without the one record that breaks it: the chunk is halved until that one is found. */
final class OneByOne {
    /** Data out of bounds, and what an index cannot take (classes 22 and 54 of SQLSTATE). */
    private static final List<String> OF_DATA = List.of("22", "54");

    private OneByOne() {
    }

    /**
     * @param work   all of the chunk, or nothing of it
     * @param broken what becomes of one record that cannot be worked on at all
     */
    static <T> void of(List<T> chunk, Consumer<List<T>> work, BiConsumer<T, RuntimeException> broken) {
        try {
            work.accept(chunk);
        } catch (RuntimeException fault) {
            if (!liesInARecord(fault)) {
                throw fault;
            }
            if (chunk.size() == 1) {
                broken.accept(chunk.getFirst(), fault);
                return;
            }
            of(chunk.subList(0, chunk.size() / 2), work, broken);
            of(chunk.subList(chunk.size() / 2, chunk.size()), work, broken);
        }
    }

    /** Not the database's own trouble, nor a fault that every record would meet. */
    private static boolean liesInARecord(RuntimeException fault) {
        if (fault instanceof DataIntegrityViolationException) {
            return true;
        }
        Throwable root = fault;
        for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
            root = root.getCause();
        }
        return root instanceof SQLException sql ? sql.getSQLState() != null && OF_DATA.contains(sql.getSQLState().substring(0, 2))
                : root instanceof IllegalArgumentException || root instanceof NullPointerException || root instanceof ClassCastException || root instanceof ArithmeticException;
    }
}
