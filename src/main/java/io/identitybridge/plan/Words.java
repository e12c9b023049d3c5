package io.identitybridge.plan;

import io.identitybridge.model.Account;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Standing;
import io.identitybridge.model.User;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Says whose word each field of a person is, of all his accounts, and why what others say of it does not hold. {@link Wishes} decides so; this tells of it. */
public final class Words {
    /** A field of a person, with what an account says of it. */
    public enum Field {
        EMAIL("email", User::email), USER_NAME("userName", User::userName), DISPLAY_NAME("displayName", User::displayName),
        ACTIVE("active", user -> String.valueOf(user.active())), ROLE("role", user -> OrgRole.highest(user.roles()).toString());

        private final String shown;
        private final Function<User, String> value;

        Field(String shown, Function<User, String> value) {
            this.shown = shown;
            this.value = value;
        }

        public String shown() {
            return shown;
        }

        public String of(User user) {
            return value.apply(user);
        }
    }

    /** The account whose word holds, and the others that say something else. */
    public record Word(Account by, List<Lost> lost) {
    }

    /** What another account says, and why it does not hold. */
    public record Lost(Account by, String value, String why) {
    }

    private final Organisation organisation;
    private final Wishes wishes;

    public Words(Organisation organisation) {
        this.organisation = organisation;
        this.wishes = new Wishes(organisation);
    }

    /** Empty without an account. Of the organisation roles the lowest holds, of everything else the first that is in; and where nobody is in, whoever was there. */
    public Optional<Word> of(Field field, List<Account> accounts) {
        List<Account> speaking = wishes.speaking(accounts);
        List<Account> doing = speaking.stream().filter(account -> !observes(account)).toList();
        List<Account> from = !doing.isEmpty() ? doing : speaking.isEmpty() ? accounts : speaking;
        Optional<Account> holds = field == Field.ROLE ? from.stream().min(Comparator.comparing(account -> OrgRole.highest(account.user().roles()))) : from.stream().findFirst();
        return holds.map(by -> new Word(by, accounts.stream().filter(other -> other != by && !field.of(other.user()).equals(field.of(by.user())))
                .map(other -> new Lost(other, field.of(other.user()), why(field, by, other, speaking))).toList()));
    }

    private String why(Field field, Account holds, Account other, List<Account> speaking) {
        if (field == Field.ACTIVE) {
            return organisation.authority().isEmpty() ? "active if any account is" : "authority: " + holds.source() + " decides (portkey.yaml)";
        }
        if (!speaking.contains(other)) {
            return "that account is not in: " + words(other.standing());
        }
        if (observes(other) && !observes(holds)) {
            return "its source only observes (portkey.yaml)";
        }
        if (field == Field.ROLE) {
            return "of two sources' words about the organisation the lowest holds";
        }
        return organisation.authority().contains(holds.source()) ? "authority: " + holds.source() + " comes first (portkey.yaml)" : "of several sources the first by name is heard; authority in portkey.yaml says otherwise";
    }

    private boolean observes(Account account) {
        return organisation.rule(account.source()).mode() == Organisation.Mode.OBSERVE;
    }

    private static String words(Standing standing) {
        return standing.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
