package io.identitybridge.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an operator can have done about dead letters beyond a handful at once. Every call but a trial is audited with its actor. */
public interface LetterControls {
    /**
     * Which open letters; what is empty asks for nothing.
     *
     * @param ids       these only
     * @param q         a text in the sentence or the key
     * @param olderThan opened no later than so long ago
     */
    record Filter(List<Long> ids, Optional<String> fingerprint, Optional<String> source, Optional<String> cause, Optional<String> resource, Optional<String> q, Optional<Duration> olderThan) {
        public Filter {
            ids = List.copyOf(ids);
        }
    }

    /** How a letter is tried again. */
    enum Mode {
        /** From the wanted state that is stored. */
        CONVERGE("converge"),
        /** The IdP is asked for the record first, alone or by a pull of all. */
        RE_READ("re-read"),
        /** The record that the letter holds, only where nothing newer has come since: for looking into a case. */
        ORIGINAL("original");

        private final String word;

        Mode(String word) {
            this.word = word;
        }

        /** As files, requests and the store write it. */
        public static Optional<Mode> of(String word) {
            return List.of(values()).stream().filter(mode -> mode.word.equals(word)).findFirst();
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /**
     * A replay of many.
     *
     * @param rate   letters a second at most; empty: as fast as it goes
     * @param most   of them, the oldest first
     * @param forced also those that were replayed too often
     */
    record Order(Filter filter, Mode mode, Optional<Integer> rate, int most, boolean forced) {
    }

    /**
     * What a draft would make of letters.
     *
     * @param passes how many of {@code letters} would be closed
     * @param fails  how many would not, by what is wrong with them then, the commonest first
     * @param atPortkey those about Portkey beside these
     */
    record Trial(long letters, long passes, Map<String, Long> fails, AtPortkey atPortkey) {
    }

    /**
     * What a draft says of letters about people and workspaces at Portkey. Whether Portkey takes what is wanted then no file says.
     *
     * @param letters how many
     * @param changed of how many something else would be wanted: they are tried again once the file is active
     * @param same    the first of the others, for which Portkey is asked for nothing else than it has refused
     * @param refused what it has refused of these others, the commonest first
     */
    record AtPortkey(long letters, long changed, List<Long> same, Map<String, Long> refused) {
        public AtPortkey {
            same = List.copyOf(same);
        }

        public static AtPortkey none() {
            return new AtPortkey(0, 0, List.of(), Map.of());
        }
    }

    /** Begins a replay that any bridge goes on with until it is done; gives its number. Refused with {@link Controls.Refused} where no letter is meant. */
    long replay(Order order, String actor);

    /** Ends a replay where it is; letters not reached stay as they are. */
    void stopReplay(long id, String actor);

    /** What a draft of {@code mappings/<file>.yaml} would make of these letters; touches nothing. Throws {@link FileFaults} for a faulty one. */
    Trial tried(Filter filter, String file, String draft);

    /** Replays of one letter until it takes a word of its own. */
    int replaysAllowed();
}
