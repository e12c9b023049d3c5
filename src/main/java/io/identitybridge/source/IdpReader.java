package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import java.time.Clock;
import java.util.Map;

/** Reads one IdP as its source file says: everything to the last page, or {@link SourceUnavailable}. One reader a run. */
public interface IdpReader extends AutoCloseable {
    /** By LDAP where the file has that section, else by {@code fetch}. {@code clock} gives the time that {@code askedAt} is told in. */
    static IdpReader of(SourceFile file, Settings settings, Fetch fetch, Pause pause, Clock clock) {
        return file.ldap().<IdpReader>map(ldap -> new LdapReader(file, ldap, settings, pause, clock)).orElseGet(() -> new Reader(file, settings, fetch, pause, clock));
    }

    /** Reads all that the file names, from the {@code cursors} of the last run where there are some; {@code full} looks at none. An expired cursor makes it read everything, in the same run. */
    Reading read(boolean full, Map<String, String> cursors, Sink sink);

    /** Asks for one user. */
    PointRead pointRead(String id);

    /** Lets connections go; reading again opens new ones. */
    @Override
    default void close() {
    }
}
