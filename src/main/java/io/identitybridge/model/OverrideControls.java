package io.identitybridge.model;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An operator's word on one field of one account, for a time and with a reason. What an IdP has said is never edited. Every call is audited with its actor. */
public interface OverrideControls {
    /** What can be overridden. Whether somebody is in is not: {@code revoke} takes somebody out, and only his IdP brings him in. */
    enum Field {
        USER_NAME("userName"), EMAIL("email"), DISPLAY_NAME("displayName"),
        /** Words for organisation roles, with commas between them; {@code may-grant} bounds them as ever. */
        ROLES("roles");

        private final String word;

        Field(String word) {
            this.word = word;
        }

        public static Optional<Field> of(String word) {
            return Arrays.stream(values()).filter(field -> field.word.equals(word)).findFirst();
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /**
     * The field has this value from now on until then, whatever the mapping makes of the record; a new word takes the place of the one before.
     *
     * @param account the IdP's id, ours, or the user name
     * @return what was done, what waits, what was refused
     */
    List<String> override(SourceName source, String account, Field field, String value, String reason, Instant until, String actor);

    /** The field is again what the mapping makes of the record. */
    List<String> endOverride(long id, String reason, String actor);
}
