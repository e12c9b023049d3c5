package io.identitybridge.flow;

import io.identitybridge.model.Controls;
import io.identitybridge.model.Folded;
import io.identitybridge.model.PeopleControls;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.Forgetting;
import io.identitybridge.store.Journal;
import io.identitybridge.store.Linkage;
import io.identitybridge.store.Named;
import io.identitybridge.store.Origin;
import io.identitybridge.store.Plans;
import io.identitybridge.store.Revocations;
import io.identitybridge.store.Rules;
import io.identitybridge.store.Runs;
import io.identitybridge.store.Undo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** An operator's word on one person: written at once, and then everybody it touches is converged by the steps of every change. */
@Component
class PeopleOperations implements PeopleControls {
    private final Named named;
    private final Revocations revocations;
    private final Forgetting forgetting;
    private final Linkage linkage;
    private final Undo undo;
    private final Plans plans;
    private final Journal journal;
    private final Reconciliation reconciliation;
    private final ActiveFiles files;
    private final Runs runs;
    private final Tries tries;

    PeopleOperations(Named named, Revocations revocations, Forgetting forgetting, Linkage linkage, Undo undo, Plans plans, Journal journal, Reconciliation reconciliation, ActiveFiles files, Runs runs, Tries tries) {
        this.named = named;
        this.revocations = revocations;
        this.forgetting = forgetting;
        this.linkage = linkage;
        this.undo = undo;
        this.plans = plans;
        this.journal = journal;
        this.reconciliation = reconciliation;
        this.files = files;
        this.runs = runs;
        this.tries = tries;
    }

    @Override
    public List<String> revoke(String person, String reason, String actor) {
        UUID id = named.person(person).orElseGet(() -> comer(person, actor));
        Origin origin = new Origin(actor, "operator", "revoke:" + id);
        List<String> done = tries.of(() -> revocations.revoke(id, reason, origin, rules()));
        converge(named.accounts(List.of(id)), origin); // what waited about him waits no longer
        return done;
    }

    /** Who would come in by these accounts, which are nobody's yet; one who is somebody's already names him. */
    private UUID comer(String who, String actor) {
        List<Named.Account> accounts = named.accounts(who);
        Set<Object> humans = accounts.stream().map(account -> account.person().<Object>map(id -> id).orElseGet(() -> Folded.of(account.email().orElse(account.name())))).collect(Collectors.toSet());
        if (humans.size() > 1) {
            throw new Controls.Refused("'" + who + "' is the name of several accounts: " + accounts.stream().map(Named.Account::name).collect(Collectors.joining(", ")) + "; say an e-mail, or our id of one");
        }
        Named.Account first = accounts.stream().findFirst().orElseThrow(() -> new Controls.Refused("nobody is known as '" + who + "'"));
        return first.person().orElseGet(() -> {
            if (first.email().isEmpty()) {
                throw new Controls.Refused(first.name() + " could never be mapped, so nobody comes in by it; its dead letter says why. End him at " + first.source());
            }
            return tries.of(() -> revocations.comer(accounts.stream().map(Named.Account::id).toList(), new Origin(actor, "operator", "revoke:" + first.id())));
        });
    }

    @Override
    public List<String> lift(String person, String reason, String actor) {
        UUID id = person(person);
        Origin origin = new Origin(actor, "operator", "lift:" + id);
        String email = tries.of(() -> revocations.lift(id, reason, origin, rules()));
        List<String> done = new ArrayList<>(List.of("lift the revocation of " + email));
        done.addAll(converge(named.accounts(List.of(id)), origin));
        return done;
    }

    @Override
    public List<String> forget(String person, String reason, String actor) {
        Optional<UUID> id = named.person(person);
        Origin origin = new Origin(actor, "operator", "forget:" + id.map(UUID::toString).orElse("account"));
        return tries.of(() -> forgetting.forget(person, id, reason, origin, files.current().files().hash()));
    }

    @Override
    public List<String> link(SourceName source, String account, String person, String reason, String actor) {
        UUID his = person(person);
        return linked(source, account, "link", actor, (id, origin) -> linkage.link(id, his, reason, origin, rules()));
    }

    @Override
    public List<String> unlink(SourceName source, String account, String reason, String actor) {
        return linked(source, account, "unlink", actor, (id, origin) -> linkage.unlink(id, reason, origin, rules()));
    }

    @Override
    public List<String> anchor(SourceName source, String account, String id, String reason, String actor) {
        return linked(source, account, "re-anchor", actor, (found, origin) -> linkage.anchor(found, id, reason, origin, rules()));
    }

    private interface Word {
        Linkage.Done of(UUID account, Origin origin);
    }

    private List<String> linked(SourceName source, String account, String what, String actor, Word word) {
        UUID id = named.account(source, account).orElseThrow(() -> new Controls.Refused(source + " has no account '" + account + "' that is there: name it by the IdP's id, ours, or its user name"));
        Origin origin = new Origin(actor, "operator", what + ":" + id);
        Linkage.Done done = tries.of(() -> word.of(id, origin));
        List<String> sentences = new ArrayList<>(done.sentences());
        sentences.addAll(converge(done.accounts(), origin));
        return sentences;
    }

    @Override
    public List<String> undo(long plan, String reason, String actor) {
        Plans.Open known = plans.open(plan).orElseThrow(() -> new Controls.Refused("there is no plan " + plan));
        if (plans.applied(plan).isEmpty()) {
            throw new Controls.Refused("nothing of plan " + plan + " was done, or all of it is undone; it is " + known.status());
        }
        Origin origin = new Origin(actor, "operator", "undo:" + plan);
        journal.note(origin, Optional.of(known.source()), files.current().files().hash(), "undo plan " + plan + ": " + reason);
        Set<UUID> people = new HashSet<>();
        Map<Integer, String> said = tries.of(() -> undo.undo(plan, origin, rules(), people));
        converge(named.accounts(people), origin);
        return said.entrySet().stream().map(line -> line.getKey() + " " + line.getValue()).toList();
    }

    /** Brings these accounts' people to their wishes, source by source, under the guard; gives what was done and what waits. */
    private List<String> converge(Map<SourceName, ? extends Collection<UUID>> accounts, Origin origin) {
        List<String> sentences = new ArrayList<>();
        accounts.forEach((source, ids) -> {
            Work.Applied applied = reconciliation.apply(reconciliation.guard(reconciliation.plan(reconciliation.again(source, ids, origin))));
            sentences.addAll(applied.converged().done());
            applied.converged().waits().forEach((sentence, why) -> sentences.add(sentence + ": waits, " + why));
            applied.converged().problems().forEach(problem -> sentences.add("dead letter: " + problem.sentence()));
            applied.converged().refused().forEach(refused -> sentences.add("refused: " + refused));
        });
        return sentences.stream().distinct().toList();
    }

    private UUID person(String who) {
        return named.person(who).orElseThrow(() -> new Controls.Refused("nobody is known as '" + who + "'"));
    }

    private Rules rules() {
        return files.current().rules(runs.now());
    }
}
