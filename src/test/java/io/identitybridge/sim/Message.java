package io.identitybridge.sim;

/** What an IdP pushes, as it stood when it was made: it may arrive late, twice, in another order, or never. */
public sealed interface Message {
    String source();

    /** The number of the IdP's state that it tells of. */
    int sequence();

    /** The whole user, by POST or PUT. */
    record UserWhole(String source, int sequence, Idp.User user) implements Message {
    }

    record UserActive(String source, int sequence, String user, boolean active) implements Message {
    }

    record UserGone(String source, int sequence, String user) implements Message {
    }

    /** The group with all of its members, by POST or PUT. */
    record GroupWhole(String source, int sequence, Idp.Group group) implements Message {
    }

    record GroupName(String source, int sequence, String group, String name) implements Message {
    }

    record Member(String source, int sequence, String group, String user, boolean in) implements Message {
    }

    record GroupGone(String source, int sequence, String group) implements Message {
    }

    /** Whether the IdP says otherwise by now. */
    default boolean contradicts(Idp.State state) {
        return switch (this) {
            case UserWhole m -> !m.user().equals(state.users().get(m.user().id()));
            case UserActive m -> !state.users().containsKey(m.user()) || state.active(m.user()) != m.active();
            case UserGone m -> state.users().containsKey(m.user());
            case GroupWhole m -> !m.group().equals(state.groups().get(m.group().id()));
            case GroupName m -> !state.groups().containsKey(m.group()) || !state.groups().get(m.group()).name().equals(m.name());
            case Member m -> !state.groups().containsKey(m.group()) || state.in(m.group(), m.user()) != m.in();
            case GroupGone m -> state.groups().containsKey(m.group());
        };
    }

    default String tell() {
        return switch (this) {
            case UserWhole m -> "user " + m.user().id() + " (" + m.user().email() + ", " + (m.user().active() ? "active" : "inactive") + ")";
            case UserActive m -> "user " + m.user() + " is " + (m.active() ? "active" : "inactive");
            case UserGone m -> "user " + m.user() + " is deleted";
            case GroupWhole m -> "group " + m.group().id() + " (" + m.group().name() + ") has " + m.group().members();
            case GroupName m -> "group " + m.group() + " is called " + m.name();
            case Member m -> m.user() + (m.in() ? " is in " : " is out of ") + m.group();
            case GroupGone m -> "group " + m.group() + " is deleted";
        };
    }
}
