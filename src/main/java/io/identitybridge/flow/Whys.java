package io.identitybridge.flow;

import io.identitybridge.files.Expr;
import io.identitybridge.files.FileSet;
import io.identitybridge.files.MappingFile;
import io.identitybridge.mapping.Input;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.Account;
import io.identitybridge.model.Reasoning;
import io.identitybridge.model.SourceName;
import io.identitybridge.plan.Words;
import io.identitybridge.plan.Words.Field;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Runs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Reads once more what each account of a person says, each way by itself, and holds it against what came of it. */
@Component
class Whys implements Reasoning {
    private final ActiveFiles files;
    private final Ledger ledger;
    private final Runs runs;

    Whys(ActiveFiles files, Ledger ledger, Runs runs) {
        this.files = files;
        this.ledger = ledger;
        this.runs = runs;
    }

    @Override
    public Reasons of(UUID person) {
        Active active = files.current();
        Instant now = runs.now();
        Ledger.Wishing wishing = ledger.wishing(person, active.rules(now));
        Words words = new Words(active.organisation());
        List<Because> fields = new ArrayList<>();
        for (Field field : Field.values()) {
            words.of(field, wishing.accounts()).ifPresent(word -> fields.add(because(field, word, wishing, active, now)));
        }
        return new Reasons(fields, wishing.refused(), "several-roles: " + active.organisation().severalRoles().toString().toLowerCase(Locale.ROOT) + " (portkey.yaml)");
    }

    @Override
    public Optional<String> then(String set, SourceName source, String field, boolean push) {
        String name = field.equals("status") ? Field.ACTIVE.shown() : field;
        return Stream.of(Field.values()).filter(one -> one.shown().equals(name)).findFirst().flatMap(one -> files.kept(set).flatMap(kept -> rule(one, source, push, kept)));
    }

    private Because because(Field field, Words.Word word, Ledger.Wishing wishing, Active active, Instant now) {
        Account winner = word.by();
        AccountFact fact = wishing.facts().get(winner.id());
        boolean pushed = pushIsNewer(fact) || field == Field.ACTIVE && fact.pushedOff();
        List<Lost> lost = new ArrayList<>();
        otherWay(field, winner, fact, pushed, active, now).ifPresent(lost::add);
        word.lost().forEach(other -> lost.add(new Lost(other.value(), other.by().source(), pushIsNewer(wishing.facts().get(other.by().id())) ? "push" : "pull", other.why())));
        return new Because(field.shown(), field.of(winner.user()), winner.source(), fact.externalId().orElse(fact.id().toString()), pushed ? "push" : "pull",
                pushed ? fact.pushedAt() : fact.pulledAt(), overridden(field, winner, active).or(() -> rule(field, winner.source(), pushed, active.files())), lost);
    }

    /** What the same account said the other way, where that was something else. */
    private Optional<Lost> otherWay(Field field, Account winner, AccountFact fact, boolean pushed, Active active, Instant now) {
        Optional<Mapping> mapping = active.mapping(winner.source());
        if (mapping.isEmpty() || fact.pulled().isEmpty() || fact.pushed().isEmpty()) {
            return Optional.empty();
        }
        Input other = new Input(winner.id().toString(), pushed ? fact.pulled().map(Json::object) : Optional.empty(), pushed ? Optional.empty() : fact.pushed().map(Json::object), !pushed);
        String why = pushed && !pushIsNewer(fact) ? "only a push or a complete pull makes active whom a push disabled" : pushed ? fact.pulledAt().map(at -> "the push is newer than the page of the pull of " + at).orElse("it was pulled under another id than was pushed since") : "the pull's page was asked for after the push of " + fact.pushedAt().map(Instant::toString).orElse("?");
        return mapping.get().user(other, now).user().map(field::of).filter(value -> !value.equals(field.of(winner.user())))
                .map(value -> new Lost(value, winner.source(), pushed ? "pull" : "push", why));
    }

    private static boolean pushIsNewer(AccountFact fact) {
        return fact.pushedAt().isPresent() && fact.pulledAt().map(at -> at.isBefore(fact.pushedAt().get())).orElse(true);
    }

    /** An operator's word in place of the mapping's. */
    private static Optional<String> overridden(Field field, Account winner, Active active) {
        return Optional.ofNullable(active.overrides().of(winner.id()).get(field == Field.ROLE ? "roles" : field.shown()))
                .map(override -> "override " + override.id() + " by " + override.actor() + " until " + override.until() + ": " + override.reason());
    }

    private static Optional<String> rule(Field field, SourceName source, boolean pushed, FileSet files) {
        return files.mapping(source).flatMap(file -> pushed ? file.scim().map(MappingFile.Scim::user) : Optional.of(file.user())).flatMap(user -> expression(field, user)).map(expression -> expression.at().rule());
    }

    private static Optional<Expr> expression(Field field, MappingFile.UserExprs user) {
        return switch (field) {
            case EMAIL -> user.email();
            case USER_NAME -> user.userName();
            case DISPLAY_NAME -> user.displayName();
            case ACTIVE -> user.active();
            case ROLE -> user.roles();
        };
    }
}
