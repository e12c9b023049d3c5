package io.identitybridge.store;

import io.identitybridge.model.Cause;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Problem;
import io.identitybridge.plan.Linker;
import io.identitybridge.plan.PersonNow;
import io.identitybridge.plan.Wish;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who holds the addresses that people of one chunk want to be known by. One address is one person's: an archived holder gives it up, a living
 * one keeps it, and of two who want the same one in one chunk the first gets it. Who was revoked
 * keeps his, too, even forgotten: nobody comes in under it.
 */
final class Addresses {
    private final Map<String, Holder> holders = new HashMap<>();
    private final Map<String, UUID> claimed = new HashMap<>();

    private record Holder(UUID person, boolean active, boolean revoked) {
    }

    /**
     * What a person's wish comes to once addresses are known.
     *
     * @param frees   archived people who give the address up
     * @param problem why he does not get it
     */
    record Claim(Wish wish, List<UUID> frees, Optional<Problem> problem) {
        static Claim none(Wish wish) {
            return new Claim(wish, List.of(), Optional.empty());
        }
    }

    static Addresses of(Sql sql, Seals seals, List<Subject> subjects, List<Wish> wishes) {
        Addresses addresses = new Addresses();
        Set<String> wanted = new HashSet<>();
        for (int i = 0; i < subjects.size(); i++) {
            wanted(subjects.get(i), wishes.get(i)).ifPresent(wanted::add);
        }
        if (!wanted.isEmpty()) {
            Map<String, String> forgotten = new HashMap<>();
            wanted.forEach(email -> forgotten.put(Forgetting.hashed(seals, email), email));
            wanted.addAll(forgotten.keySet());
            sql.rows("select email_folded, id, status = 'active', revoked_at is not null from person where not freed and email_folded = any(?::text[])",
                    (rs, n) -> addresses.holders.put(forgotten.getOrDefault(rs.getString(1), rs.getString(1)), new Holder(rs.getObject(2, UUID.class), rs.getBoolean(3), rs.getBoolean(4))), wanted);
        }
        return addresses;
    }

    /** The address that he would come to hold; empty where he holds it already, or asks for none. */
    private static Optional<String> wanted(Subject subject, Wish wish) {
        if (!(wish instanceof Wish.Member member)) {
            return Optional.empty();
        }
        String email = Folded.of(member.email());
        boolean his = subject.now().filter(PersonNow::active).filter(now -> Folded.of(now.email()).equals(email)).isPresent();
        return his ? Optional.empty() : Optional.of(email);
    }

    Claim claim(Subject subject, Wish wish) {
        Optional<String> wanted = wanted(subject, wish);
        if (wanted.isEmpty()) {
            return Claim.none(wish);
        }
        Holder holder = holders.get(wanted.get());
        boolean others = holder != null && !holder.person().equals(subject.id());
        boolean first = claimed.putIfAbsent(wanted.get(), subject.id()) == null;
        if (first && !(others && (holder.active() || holder.revoked()))) {
            return new Claim(wish, others ? List.of(holder.person()) : List.of(), Optional.empty());
        }
        Wish.Member member = (Wish.Member) wish;
        String key = subject.generations().isEmpty() ? subject.id().toString() : subject.generations().getFirst().key();
        String why = others && holder.revoked() ? Linker.revoked(member.email()) : "'" + member.email() + "' belongs to somebody else who is still active";
        Problem problem = new Problem(Cause.AMBIGUOUS, "user", key, "email", why, new HashSet<>(List.of(member.email(), member.userName(), member.displayName())));
        Wish own = subject.now().filter(PersonNow::active).<Wish>map(now -> member.called(now.email())).orElseGet(Wish.AsIs::new);
        return new Claim(own, List.of(), Optional.of(problem));
    }
}
