package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

/** Reads one IdP as its source file says: everything to the last page, or {@link SourceUnavailable}. One reader a run. */
public interface IdpReader extends AutoCloseable {
    /** By LDAP where the file has that section, else by {@code fetch}. {@code clock} gives the time that {@code askedAt} is told in. */
    static IdpReader of(SourceFile file, Settings settings, Fetch fetch, Pause pause, Clock clock) {
        return file.ldap().<IdpReader>map(ldap -> new LdapReader(file, ldap, settings, pause, clock)).orElseGet(() -> new Reader(file, settings, fetch, pause, clock));
    }

    /** As {@link #read(boolean, Map, Instant, Sink)}, by a run that begins now. */
    Reading read(boolean full, Map<String, String> cursors, Sink sink);

    /**
     * Reads all that the file names, from the {@code cursors} of the last run where there are some; {@code full} looks at none. An expired cursor makes it read everything, in the same run.
     *
     * @param began when the run began, on {@code clock}: before the first page of any list, also where a broken-off reading goes on
     */
    default Reading read(boolean full, Map<String, String> cursors, Instant began, Sink sink) {
        return read(full, cursors, sink);
    }

    /** Asks for one user. */
    PointRead pointRead(String id);

    /** Asks for one record of a list; not every way to read can ask for a group. */
    default PointRead pointRead(String resource, String id) {
        return resource.equals(Reader.USERS) ? pointRead(id) : new PointRead.Unknown();
    }

    /** What is left of the source's rate buckets now, by path of the source file; empty where no answer said it. May be asked from any thread, while it reads. */
    default Map<String, RateLeft> budget() {
        return Map.of();
    }

    /** Lets connections go; reading again opens new ones. */
    @Override
    default void close() {
    }
}
