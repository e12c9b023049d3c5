package io.identitybridge.flow;

import io.identitybridge.files.Expr;
import io.identitybridge.files.FileSet;
import io.identitybridge.files.MappingFile;
import io.identitybridge.mapping.Input;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.Account;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Reasoning;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.User;
import io.identitybridge.plan.Wishes;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.Ledger;
import io.identitybridge.store.Runs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Reads once more what each account of a person says, each way by itself, and holds it against what came of it. */
@Component
class Whys implements Reasoning {
    /** The fields of a person, each with what an account says of it and with the expression that says so. */
    private enum Field {
        EMAIL("email", User::email, MappingFile.UserExprs::email), USER_NAME("userName", User::userName, MappingFile.UserExprs::userName),
        DISPLAY_NAME("displayName", User::displayName, MappingFile.UserExprs::displayName), ACTIVE("active", user -> String.valueOf(user.active()), MappingFile.UserExprs::active),
        ROLE("role", user -> OrgRole.highest(user.roles()).toString(), MappingFile.UserExprs::roles);

        final String shown;
        final Function<User, String> value;
        final Function<MappingFile.UserExprs, Optional<Expr>> expression;

        Field(String shown, Function<User, String> value, Function<MappingFile.UserExprs, Optional<Expr>> expression) {
            this.shown = shown;
            this.value = value;
            this.expression = expression;
        }
    }

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
        List<Account> speaking = new Wishes(active.organisation()).speaking(wishing.accounts());
        List<Because> fields = new ArrayList<>();
        for (Field field : Field.values()) {
            speaking(field, speaking, wishing.accounts()).ifPresent(winner -> fields.add(because(field, winner, speaking, wishing, active, now)));
        }
        return new Reasons(fields, wishing.refused(), "several-roles: " + active.organisation().severalRoles().toString().toLowerCase(Locale.ROOT) + " (portkey.yaml)");
    }

    @Override
    public Optional<String> then(String set, SourceName source, String field, boolean push) {
        String name = field.equals("status") ? Field.ACTIVE.shown : field;
        return Stream.of(Field.values()).filter(one -> one.shown.equals(name)).findFirst().flatMap(one -> files.kept(set).flatMap(kept -> rule(one, source, push, kept)));
    }

    /** Whose word holds: of the organisation roles the lowest, of everything else the first; and where nobody is in, whoever was there. */
    private static Optional<Account> speaking(Field field, List<Account> speaking, List<Account> all) {
        List<Account> from = speaking.isEmpty() ? all : speaking;
        return field == Field.ROLE ? from.stream().min(java.util.Comparator.comparing(account -> OrgRole.highest(account.user().roles()))) : from.stream().findFirst();
    }

    private Because because(Field field, Account winner, List<Account> speaking, Ledger.Wishing wishing, Active active, Instant now) {
        AccountFact fact = wishing.facts().get(winner.id());
        boolean pushed = pushIsNewer(fact) || field == Field.ACTIVE && fact.pushedOff();
        List<Lost> lost = new ArrayList<>();
        otherWay(field, winner, fact, pushed, active, now).ifPresent(lost::add);
        wishing.accounts().stream().filter(other -> other != winner && !field.value.apply(other.user()).equals(field.value.apply(winner.user())))
                .forEach(other -> lost.add(new Lost(field.value.apply(other.user()), other.source(), pushIsNewer(wishing.facts().get(other.id())) ? "push" : "pull", why(field, winner, other, speaking, active.organisation()))));
        return new Because(field.shown, field.value.apply(winner.user()), winner.source(), fact.externalId().orElse(fact.id().toString()), pushed ? "push" : "pull",
                pushed ? fact.pushedAt() : fact.pulledAt(), overridden(field, winner, active).or(() -> rule(field, winner.source(), pushed, active.files())), lost);
    }

    private static String why(Field field, Account winner, Account other, List<Account> speaking, Organisation organisation) {
        if (field == Field.ACTIVE) {
            return organisation.authority().isEmpty() ? "active if any account is" : "authority: " + winner.source() + " decides (portkey.yaml)";
        }
        if (!speaking.contains(other)) {
            return "that account is not in: " + other.standing().toString().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
        if (field == Field.ROLE) {
            return "of two sources' words about the organisation the lowest holds";
        }
        return organisation.authority().contains(winner.source()) ? "authority: " + winner.source() + " comes first (portkey.yaml)" : "of several sources the first by name is heard; authority in portkey.yaml says otherwise";
    }

    /** What the same account said the other way, where that was something else. */
    private Optional<Lost> otherWay(Field field, Account winner, AccountFact fact, boolean pushed, Active active, Instant now) {
        Optional<Mapping> mapping = active.mapping(winner.source());
        if (mapping.isEmpty() || fact.pulled().isEmpty() || fact.pushed().isEmpty()) {
            return Optional.empty();
        }
        Input other = new Input(winner.id().toString(), pushed ? fact.pulled().map(Json::object) : Optional.empty(), pushed ? Optional.empty() : fact.pushed().map(Json::object), !pushed);
        String why = pushed && !pushIsNewer(fact) ? "only a push or a complete pull makes active whom a push disabled" : pushed ? "the push is newer than the page of the pull of " + fact.pulledAt().map(Instant::toString).orElse("?") : "the pull's page was asked for after the push of " + fact.pushedAt().map(Instant::toString).orElse("?");
        return mapping.get().user(other, now).user().map(field.value).filter(value -> !value.equals(field.value.apply(winner.user())))
                .map(value -> new Lost(value, winner.source(), pushed ? "pull" : "push", why));
    }

    private static boolean pushIsNewer(AccountFact fact) {
        return fact.pushedAt().isPresent() && fact.pulledAt().map(at -> at.isBefore(fact.pushedAt().get())).orElse(true);
    }

    /** An operator's word in place of the mapping's. */
    private static Optional<String> overridden(Field field, Account winner, Active active) {
        return Optional.ofNullable(active.overrides().of(winner.id()).get(field == Field.ROLE ? "roles" : field.shown))
                .map(override -> "override " + override.id() + " by " + override.actor() + " until " + override.until() + ": " + override.reason());
    }

    private static Optional<String> rule(Field field, SourceName source, boolean pushed, FileSet files) {
        return files.mapping(source).flatMap(file -> pushed ? file.scim().map(MappingFile.Scim::user) : Optional.of(file.user())).flatMap(field.expression).map(expression -> expression.at().rule());
    }
}
