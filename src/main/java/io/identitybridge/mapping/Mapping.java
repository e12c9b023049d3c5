package io.identitybridge.mapping;

import io.identitybridge.files.FileSet;
import io.identitybridge.files.MappingFile;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.SourceName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One mapping file, compiled. Immutable and safe for many threads. */
public interface Mapping {
    /** Compiles a set's mapping of that name, with the joined reads of its source file as variables; throws {@link io.identitybridge.model.FileFaults} with all that is wrong. */
    static Mapping compile(FileSet set, SourceName name) {
        Set<String> joined = set.source(name).map(source -> source.read().keySet().stream().filter(resource -> !LISTS.contains(resource)).collect(Collectors.toSet())).orElse(Set.of());
        return compile(set.mapping(name).orElseThrow(), set.portkey(), joined);
    }

    /** Compiles every expression and pattern; {@code joined} names the variables beside {@code record}. */
    static Mapping compile(MappingFile file, Organisation organisation, Set<String> joined) {
        return CompiledMapping.of(file, organisation, joined);
    }

    /** Resources of a source file that are no joined reads. */
    Set<String> LISTS = Set.of("users", "groups", "members");

    /** The account in SCIM's terms, and what it asks for. */
    MappedUser user(Input input, Instant now);

    /** The group's name and what it gives. */
    MappedGroup group(Input input, Instant now);

    /** The externalId that an expression gives a pushed user whose client sends none; empty where it gives none, or the user cannot be read. */
    Optional<String> userId(Map<String, Object> resource, Instant now);

    /** Likewise a pushed group's, where it is kept. */
    Optional<String> groupId(Map<String, Object> resource, Instant now);

    /** Only the fields of a pulled user's variables that some expression names. */
    Map<String, Object> projectUser(Map<String, Object> variables);

    /** Only the fields of a pulled group's variables that some expression names. */
    Map<String, Object> projectGroup(Map<String, Object> variables);

    /** What a letter may show of a user's records: what expressions name, and of a pushed one what SCIM's own names decide. */
    Redacted redactUser(Input input);

    /** Likewise of a group's. */
    Redacted redactGroup(Input input);

    /** A 16-byte hash of a projection, salted with this mapping's own hash, so that an edited mapping looks at everything again. */
    byte[] hash(Map<String, Object> projection);

    /** The hash of everything in this file (and of the organisation's pattern) that decides what a record means; hex. */
    String meaning();

    /** The fields that the expressions name, as {@code user record.profile.login}: what a pull keeps of a record. */
    Set<String> fields();

    /** Whether a pull that kept those fields kept all that this mapping reads; a field that was kept whole holds all below it. */
    default boolean readsOnly(Set<String> kept) {
        return fields().stream().allMatch(field -> kept.stream().anyMatch(other -> field.equals(other) || field.startsWith(other + ".")));
    }

    /** Whether an expression reads {@code now}, so that its records are looked at again as time goes. */
    boolean readsNow();
}
