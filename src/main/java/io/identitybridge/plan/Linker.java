package io.identitybridge.plan;

import io.identitybridge.model.Cause;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.User;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Decides whose account a new one is: by person key, else by e-mail, once; two hits are a letter, never a guess (DESIGN section 6). */
public final class Linker {
    private final Bounds bounds;
    private final List<SourceName> authority;

    public Linker(Organisation organisation) {
        this.bounds = new Bounds(organisation);
        this.authority = organisation.authority();
    }

    /**
     * A person who may be meant.
     *
     * @param revoked whether an operator has ended him: nobody comes in under his address
     * @param sources where he has a living account already; where he had one, if all of his are gone and he is not archived yet
     */
    public record Candidate(UUID person, String email, Optional<String> personKey, boolean active, boolean revoked, Set<SourceName> sources) {
        boolean holdsAddress() {
            return active || revoked;
        }
    }

    public sealed interface Decision {
        /** It is one more account of this person. */
        record Join(UUID person, String by) implements Decision {
        }

        /** Nobody known: somebody new. Archived holders of his e-mail give it up. */
        record Newcomer(List<UUID> freed) implements Decision {
        }

        record Unclear(Problem problem) implements Decision {
        }
    }

    /**
     * An account whose e-mail domain its source may not claim is nobody's: it could name anybody.
     *
     * @param key   what a letter about the account is filed under
     * @param known people with this account's person key or e-mail
     */
    public Decision decide(SourceName source, String key, User user, Collection<Candidate> known) {
        return bounds.domain(source, key, user).<Decision>map(Decision.Unclear::new).orElseGet(() -> allowed(source, key, user, known));
    }

    /** Whether it matters whose an account of this source is that brings nobody: by {@code authority}, it may end who is active elsewhere. */
    public boolean decides(SourceName source) {
        return authority.contains(source);
    }

    /**
     * Whose an inactive account of a source of {@code authority} is that nobody was linked to while it was active; empty where that changes nothing. It makes nobody.
     * The person key says so for certain, and then its word holds as of any other account. The e-mail does not: companies give the address of somebody who left years ago
     * to somebody new, whom that source may not know yet, and he would be archived for it. So that is a letter, for a person to say whose it is.
     */
    public Optional<Decision> leaver(SourceName source, String key, User user, Collection<Candidate> known) {
        if (bounds.domain(source, key, user).isPresent()) {
            return Optional.empty();
        }
        List<Candidate> byKey = byKey(user, known);
        if (byKey.size() == 1) {
            return Optional.of(byKey.getFirst()).filter(his -> !his.sources().contains(source)).map(his -> new Decision.Join(his.person(), "person"));
        }
        if (byKey.size() > 1) {
            return Optional.of(unclear(user, key, "person", byKey.size() + " people have the person key '" + user.personKey().orElseThrow() + "'"));
        }
        return known.stream().filter(other -> Folded.of(other.email()).equals(Folded.of(user.email())) && other.active() && !other.sources().contains(source))
                .filter(other -> user.personKey().isEmpty() || other.personKey().isEmpty()).findFirst()
                .map(other -> unclear(user, key, "email", "'" + user.email() + "' is somebody's who is active, and " + source + ", which decides by 'authority', has this account as inactive: 'link' if it is his, and he is archived; 'unlink' if the address was given to somebody else"));
    }

    private static List<Candidate> byKey(User user, Collection<Candidate> known) {
        return user.personKey().map(wanted -> known.stream().filter(other -> other.personKey().filter(wanted::equals).isPresent()).toList()).orElse(List.of());
    }

    private static Decision allowed(SourceName source, String key, User user, Collection<Candidate> known) {
        List<Candidate> byKey = byKey(user, known);
        if (byKey.size() > 1) {
            return unclear(user, key, "person", byKey.size() + " people have the person key '" + user.personKey().orElseThrow() + "'");
        }
        if (byKey.size() == 1) {
            return new Decision.Join(byKey.getFirst().person(), "person");
        }
        List<Candidate> byEmail = known.stream().filter(other -> Folded.of(other.email()).equals(Folded.of(user.email()))).toList();
        List<Candidate> living = byEmail.stream().filter(Candidate::holdsAddress).toList();
        if (living.isEmpty()) {
            return new Decision.Newcomer(byEmail.stream().map(Candidate::person).toList());
        }
        Candidate holder = living.getFirst();
        if (living.size() == 1 && holder.revoked() && holder.sources().contains(source)) {
            return unclear(user, key, "email", revoked(user.email()));
        }
        if (living.size() > 1 || holder.sources().contains(source)) {
            return unclear(user, key, "email", "'" + user.email() + "' belongs to somebody else of " + source + " who is still active; archive him there, or link the two");
        }
        return new Decision.Join(holder.person(), "email");
    }

    /** Why nobody else comes in under an address. */
    public static String revoked(String email) {
        return "'" + email + "' is the address of somebody whom an operator has revoked; 'lift' ends that, or give this one an address of his own";
    }

    private static Decision unclear(User user, String key, String where, String message) {
        return new Decision.Unclear(new Problem(Cause.AMBIGUOUS, "user", key, where, message, user.names()));
    }
}
