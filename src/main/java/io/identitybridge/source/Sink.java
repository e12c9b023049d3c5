package io.identitybridge.source;

import io.identitybridge.files.SourceFile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes what is read, page by page. Always called by the thread that called {@link Reader#read}, one call after the other:
 * joined reads, then users and groups in the order of the file, then members that need calls of their own.
 */
public interface Sink {
    /**
     * Where an earlier, broken-off reading of this list goes on; empty = begin. Asked for {@code users} with scope ""
     * and for {@code members} with the group's id; groups and joined reads always begin anew.
     */
    Optional<Progress> progress(String resource, String scope);

    /** This list is read from its first page on: forget what this run was told of it before. Told for {@code members} where they stand inside the groups. */
    void begin(String resource);

    /** A joined read, whole: its records with their key; {@link SourceFile.Resource#repeated} says whether keys repeat. */
    void joined(SourceFile.Resource resource, List<Item> items);

    /** Whom the store holds with a row of this joined read that has that id: the people of a group that has a row there and is not found itself. Empty where what is stored of rows cannot tell. */
    default Optional<List<String>> had(SourceFile.Resource resource, String id) {
        return Optional.empty();
    }

    /**
     * The groups with a row in this joined read that are not found themselves in this run, maybe none; told once each time it is read. Gives those that an earlier run did not find either, so
     * long ago that nobody is in them any more.
     */
    default Set<String> vanished(SourceFile.Resource resource, Set<String> ids) {
        return Set.of();
    }

    /** One page of users. */
    void users(PageRead page);

    /** One page of groups; gives back the ids whose members are to be read (the mapping may not want all). */
    Set<String> groups(PageRead page);

    /** The complete members of one group (from inside the group, or by its own calls, all pages). */
    void members(String groupId, List<String> members, Instant askedAt);

    /**
     * Whether a list of members lacks somebody whom the store holds in that group. It is then read once more, and whoever is in either
     * reading is in: a page that shifted or came short takes nobody out.
     */
    default boolean lacksSome(String groupId, List<String> members) {
        return false;
    }

    /** Whom the store holds in that group and the list does not name. */
    default List<String> lacked(String groupId, List<String> members) {
        return List.of();
    }

    /** Of groups whose members were told by {@link #memberChanges} from a delta's very beginning: those that lack somebody, as {@link #lacksSome} says it of a list. */
    default Set<String> lacking(Set<String> groups) {
        return Set.of();
    }

    /** A second reading of a list that {@link #members} was told in this run; whoever is in either is in. Gives how many are new in it. */
    default int membersAgain(String groupId, List<String> members, Instant askedAt) {
        return 0;
    }

    /** Changes of members of one group (delta). Told in the order of the pages: the last word on a member holds. */
    void memberChanges(String groupId, List<String> added, List<String> removed, Instant askedAt);

    /** A delta was read from its very beginning: those added to this group by {@link #memberChanges} in this run are all its members. */
    void membersWhole(String groupId);

    /** One group's list as the IdP wrote it, people and groups, to be kept until the run is over; only where groups in groups are flattened. */
    void direct(String groupId, List<String> people, List<String> groups, Instant askedAt);

    /** The groups in each group that has some, by the lists kept in this run, an earlier reading that broke off included. */
    Map<String, List<String>> nested();

    /** Everybody on the lists kept of these groups, each once; {@code askedAt} is the earliest of them. */
    Kept kept(Set<String> groups);

    /** What several lists come to. */
    record Kept(List<String> people, Instant askedAt) {
    }

    /** Whether the store has this group as one that is there. */
    boolean holdsGroup(String groupId);

    /** A group of the list that was gone when its members were asked for: a candidate, not a fault. A list of it that was told before takes nobody out. */
    void groupVanished(String groupId);
}
