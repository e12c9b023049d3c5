package io.identitybridge.plan;

import io.identitybridge.model.Account;
import io.identitybridge.model.Cause;
import io.identitybridge.model.Grant;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Problem;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.model.User;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The last fold: from the accounts of one person to what Portkey should have (DESIGN sections 1 and 6). */
public final class Wishes {
    /** Nobody is known to more sources that give him nothing, and their number is doubled by each. */
    private static final int MOST_JOINED = 6;

    private final Organisation organisation;
    private final Optional<SourceName> acting;
    private final Set<Organisation.Mode> silent;
    private final Bounds bounds;

    /** Every source has its say. */
    public Wishes(Organisation organisation) {
        this(organisation, Optional.empty());
    }

    /** @param acting whose change is looked at: what another source says that only observes changes nothing */
    public Wishes(Organisation organisation, Optional<SourceName> acting) {
        this(organisation, acting, EnumSet.of(Organisation.Mode.OBSERVE));
    }

    private Wishes(Organisation organisation, Optional<SourceName> acting, Set<Organisation.Mode> silent) {
        this.organisation = organisation;
        this.acting = acting;
        this.silent = silent;
        this.bounds = new Bounds(organisation);
    }

    /** The same as if other sources that only propose only observed: what this does not give is their proposal, whoever's change is looked at. */
    public Wishes unproposed() {
        return new Wishes(organisation, acting, EnumSet.of(Organisation.Mode.OBSERVE, Organisation.Mode.PROPOSE));
    }

    /** Of these accounts, the first source other than the one whose change is looked at that only proposes. */
    public Optional<SourceName> proposing(List<Account> accounts) {
        return accounts.stream().map(Account::source).filter(source -> acting.isPresent() && !acting.get().equals(source) && organisation.rule(source).mode() == Organisation.Mode.PROPOSE).min(Comparator.naturalOrder());
    }

    /** Folds the living accounts of one person; none at all says nothing. */
    public Wished of(List<Account> accounts) {
        List<Account> ranked = accounts.stream().sorted(byAuthority()).toList();
        if (waitsForAuthority(ranked)) {
            return new Wished(new Wish.AsIs(), List.of(), List.of());
        }
        List<Account> deciding = deciding(ranked);
        List<Problem> problems = new ArrayList<>();
        List<Account> in = new ArrayList<>();
        List<Account> others = new ArrayList<>();
        List<Account> refused = new ArrayList<>();
        for (Account account : deciding) {
            Optional<Problem> refusal = standing(account) == Standing.IN ? bounds.domain(account) : Optional.empty();
            refusal.ifPresent(problems::add);
            (refusal.isPresent() ? refused : standing(account) == Standing.IN ? in : others).add(account);
        }
        if (!in.isEmpty()) {
            return member(in, others, ranked, problems);
        }
        return new Wished(others.isEmpty() && !refused.isEmpty() ? fading(refused, ranked, Optional.empty()) : out(others), List.of(), problems);
    }

    /** The accounts that are in, as far as any has a say, the one whose attributes hold first. */
    public List<Account> speaking(List<Account> accounts) {
        return deciding(accounts.stream().sorted(byAuthority()).toList()).stream().filter(account -> standing(account) == Standing.IN && bounds.domain(account).isEmpty()).toList();
    }

    /** The standing once places are known: in only if placed, where the mapping says so. */
    static Standing standing(Account account) {
        if (account.standing() != Standing.IN_IF_PLACED) {
            return account.standing();
        }
        return account.grants().isEmpty() ? account.onOutOfScope() : Standing.IN;
    }

    private Wish fading(List<Account> still, List<Account> all, Optional<Wish.Leaver> ends) {
        return new Wish.Fading(still.stream().flatMap(account -> account.grants().stream()).flatMap(grant -> bounds.grant("", grant, new ArrayList<>()).stream()).toList(), observing(all), ends);
    }

    private boolean observes(Account account) {
        return acting.filter(source -> !source.equals(account.source())).isPresent() && silent.contains(organisation.rule(account.source()).mode());
    }

    /** Of these, the sources that only observe while another one acts. */
    private Set<SourceName> observing(List<Account> accounts) {
        return accounts.stream().filter(this::observes).map(Account::source).collect(Collectors.toSet());
    }

    /** An authority that only observes and does not have him as active neither ends him nor lets the others bring him back. */
    private boolean waitsForAuthority(List<Account> ranked) {
        return organisation.authority().stream().map(source -> ranked.stream().filter(account -> account.source().equals(source)).toList()).filter(its -> !its.isEmpty()).findFirst()
                .filter(its -> its.stream().allMatch(this::observes) && its.stream().noneMatch(Wishes::active)).isPresent() && ranked.stream().anyMatch(account -> standing(account) == Standing.IN);
    }

    private static boolean active(Account account) {
        return account.standing().admits();
    }

    /** Whoever is no longer admitted waits for a person, but for who has left elsewhere and is let go here. Without a word from anybody whom a bound does not silence, he stays as he is. */
    private Wish out(List<Account> accounts) {
        Set<Standing> all = EnumSet.noneOf(Standing.class);
        accounts.forEach(account -> all.add(standing(account)));
        if (all.isEmpty() || all.contains(Standing.KEPT)) {
            return new Wish.AsIs();
        }
        boolean left = accounts.stream().anyMatch(account -> standing(account) == Standing.LEFT && !observes(account));
        Optional<String> scope = accounts.stream().filter(account -> standing(account) == Standing.OUT_OF_SCOPE && (account.admitted() || !left))
                .map(account -> account.source() + " no longer admits him").findFirst();
        return new Wish.Leaver(scope, how(accounts), accounts.stream().filter(Wishes::unplaced).map(Account::source).collect(Collectors.toSet()), howBefore(accounts));
    }

    private static boolean unplaced(Account account) {
        return account.standing() == Standing.IN_IF_PLACED && !account.gone();
    }

    private static String how(List<Account> accounts) {
        return accounts.stream().map(account -> account.id() + " " + standing(account) + (account.gone() ? " gone" : "")).sorted().collect(Collectors.joining(", "));
    }

    /** With and without each account that gives him nothing and says nothing of his leaving. */
    private static Set<String> howBefore(List<Account> accounts) {
        Set<List<Account>> before = new HashSet<>(Set.of(accounts));
        accounts.stream().filter(account -> unplaced(account) || account.standing() == Standing.OUT_OF_SCOPE && !account.admitted()).limit(MOST_JOINED)
                .forEach(joined -> before.addAll(before.stream().map(all -> all.stream().filter(account -> account != joined).toList()).toList()));
        return before.stream().filter(all -> !all.isEmpty()).map(Wishes::how).collect(Collectors.toSet());
    }

    private Wished member(List<Account> in, List<Account> others, List<Account> all, List<Problem> problems) {
        if (in.stream().allMatch(this::observes)) {
            Wish ends = out(others.stream().filter(account -> !observes(account)).toList());
            return new Wished(fading(in, all, ends instanceof Wish.Leaver leaver ? Optional.of(leaver) : Optional.empty()), List.of(), problems);
        }
        List<String> refused = new ArrayList<>();
        Account first = in.stream().filter(account -> !observes(account)).findFirst().orElseThrow();
        Map<String, Grant> grants = new LinkedHashMap<>();
        for (Account account : in) {
            account.grants().forEach(grant -> bounds.grant(first.user().email(), grant, refused)
                    .ifPresent(allowed -> grants.merge(allowed.key(), allowed, (a, b) -> a.role().compareTo(b.role()) >= 0 ? a : b)));
        }
        Set<SourceName> frozen = new HashSet<>();
        Set<SourceName> scoped = new HashSet<>();
        for (Account account : all) {
            switch (standing(account)) {
                case KEPT -> frozen.add(account.source());
                case OUT_OF_SCOPE -> scoped.add(account.source());
                case IN, IN_IF_PLACED, LEFT -> { }
            }
        }
        in.forEach(account -> frozen.remove(account.source()));
        Wish wish = new Wish.Member(first.user().email(), first.user().userName(), first.user().displayName(),
                orgRole(in.stream().filter(account -> !observes(account)).toList(), refused, problems), in.stream().flatMap(a -> a.user().personKey().stream()).findFirst(),
                List.copyOf(grants.values()), frozen, scoped, observing(all), out(others) instanceof Wish.Leaver leaver ? leaver.fingerprintsBefore() : Set.of());
        return new Wished(wish, refused, problems);
    }

    /** One source: its highest word. Several: the lowest of theirs, so that privilege never rises by accident, with a finding. */
    private OrgRole orgRole(List<Account> in, List<String> refused, List<Problem> problems) {
        Map<SourceName, OrgRole> bySource = new LinkedHashMap<>();
        for (Account account : in) {
            OrgRole role = bounds.orgRole(account, OrgRole.highest(account.user().roles()), refused);
            bySource.merge(account.source(), role, (a, b) -> a.compareTo(b) >= 0 ? a : b);
        }
        OrgRole lowest = bySource.values().stream().min(OrgRole::compareTo).orElse(OrgRole.MEMBER);
        if (bySource.values().stream().distinct().count() > 1) {
            refused.add("make " + in.getFirst().user().email() + " organisation " + bySource.values().stream().max(OrgRole::compareTo).orElseThrow()
                    + ": sources disagree (" + bySource + "), the lowest holds");
        }
        return lowest;
    }

    /** With {@code authority:}, the first listed source that knows the person decides alone whether he is active: one that has him as active and only gives him no place leaves it to the others whether he is in. */
    private List<Account> deciding(List<Account> ranked) {
        for (SourceName source : organisation.authority()) {
            List<Account> its = ranked.stream().filter(account -> account.source().equals(source)).toList();
            if (!its.isEmpty()) {
                return its.stream().anyMatch(Wishes::active) ? ranked : its;
            }
        }
        return ranked;
    }

    private Comparator<Account> byAuthority() {
        return Comparator.<Account>comparingInt(account -> {
            int at = organisation.authority().indexOf(account.source());
            return at < 0 ? Integer.MAX_VALUE : at;
        }).thenComparing(Account::source).thenComparing(Account::id);
    }

    /** A letter's problem for a person whom Portkey's rules refuse. */
    static Problem refusal(User user, String key, String where, String message) {
        return new Problem(Cause.TARGET_POISON, "user", key, where, message, user.names());
    }
}
