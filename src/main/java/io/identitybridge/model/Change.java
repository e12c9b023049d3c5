package io.identitybridge.model;

import java.util.Optional;

/** One line of a plan, with its one sentence (DESIGN section 2): the same in tests, plan, log, API, audit and letters. */
public sealed interface Change {
    /** The sentence, with e-mail addresses. */
    String sentence();

    /** The class the guard counts it in. */
    ChangeClass kind();

    /** The workspace it is about, if any. */
    default Optional<String> place() {
        return Optional.empty();
    }

    record CreateUser(String email) implements Change {
        public String sentence() {
            return "create user " + Spelling.word(email);
        }

        public ChangeClass kind() {
            return ChangeClass.CREATE;
        }
    }

    record UpdateUser(String email, String attribute, String from, String to) implements Change {
        public String sentence() {
            return "update user " + Spelling.word(email) + ": " + attribute + " " + Spelling.always(from) + " -> " + Spelling.always(to);
        }

        public ChangeClass kind() {
            return ChangeClass.FREE;
        }
    }

    record RenameUser(String from, String to) implements Change {
        public String sentence() {
            return "rename user " + Spelling.word(from) + " to " + Spelling.word(to);
        }

        public ChangeClass kind() {
            return ChangeClass.FREE;
        }
    }

    record SetOrgRole(String email, OrgRole from, OrgRole to) implements Change {
        public String sentence() {
            return "make " + Spelling.word(email) + " organisation " + to;
        }

        public ChangeClass kind() {
            return to.compareTo(from) > 0 ? ChangeClass.RAISE : ChangeClass.LOWER;
        }
    }

    record ArchiveUser(String email) implements Change {
        public String sentence() {
            return "archive user " + Spelling.word(email);
        }

        public ChangeClass kind() {
            return ChangeClass.ARCHIVE;
        }
    }

    record ReviveUser(String email) implements Change {
        public String sentence() {
            return "revive user " + Spelling.word(email);
        }

        public ChangeClass kind() {
            return ChangeClass.CREATE;
        }
    }

    record CreateWorkspace(String workspace) implements Change {
        public String sentence() {
            return "create workspace " + Spelling.name(workspace);
        }

        public ChangeClass kind() {
            return ChangeClass.FREE;
        }

        @Override
        public Optional<String> place() {
            return Optional.of(workspace);
        }
    }

    record RenameWorkspace(String from, String to) implements Change {
        public String sentence() {
            return "rename workspace " + Spelling.nameBesideTo(from) + " to " + Spelling.nameBesideTo(to);
        }

        public ChangeClass kind() {
            return ChangeClass.FREE;
        }

        @Override
        public Optional<String> place() {
            return Optional.of(from);
        }
    }

    record ArchiveWorkspace(String workspace) implements Change {
        public String sentence() {
            return "archive workspace " + Spelling.name(workspace);
        }

        public ChangeClass kind() {
            return ChangeClass.ARCHIVE;
        }

        @Override
        public Optional<String> place() {
            return Optional.of(workspace);
        }
    }

    record Add(String email, String workspace, Role role) implements Change {
        public String sentence() {
            return "add " + Spelling.word(email) + " to " + Spelling.name(workspace) + " as " + role;
        }

        /** Somebody new as admin is a raise: else a new group would make administrators without a limit. */
        public ChangeClass kind() {
            return role == Role.ADMIN ? ChangeClass.RAISE : ChangeClass.FREE;
        }

        @Override
        public Optional<String> place() {
            return Optional.of(workspace);
        }
    }

    record Raise(String email, String workspace, Role from, Role to) implements Change {
        public String sentence() {
            return "raise " + Spelling.word(email) + " in " + Spelling.name(workspace) + " from " + from + " to " + to;
        }

        public ChangeClass kind() {
            return to == Role.ADMIN ? ChangeClass.RAISE : ChangeClass.FREE;
        }

        @Override
        public Optional<String> place() {
            return Optional.of(workspace);
        }
    }

    /** The rule of a group that gave it was taken from the mapping, and {@code on-mapping-delete: keep} leaves it, as if made by hand. */
    record Keep(String email, String workspace, Role role) implements Change {
        public String sentence() {
            return "keep " + Spelling.word(email) + " in " + Spelling.name(workspace) + " as " + role;
        }

        public ChangeClass kind() {
            return ChangeClass.FREE;
        }

        @Override
        public Optional<String> place() {
            return Optional.of(workspace);
        }
    }

    record Lower(String email, String workspace, Role from, Role to) implements Change {
        public String sentence() {
            return "lower " + Spelling.word(email) + " in " + Spelling.name(workspace) + " from " + from + " to " + to;
        }

        public ChangeClass kind() {
            return ChangeClass.LOWER;
        }

        @Override
        public Optional<String> place() {
            return Optional.of(workspace);
        }
    }

    record Remove(String email, String workspace) implements Change {
        public String sentence() {
            return "remove " + Spelling.word(email) + " from " + Spelling.name(workspace);
        }

        public ChangeClass kind() {
            return ChangeClass.REMOVE;
        }

        @Override
        public Optional<String> place() {
            return Optional.of(workspace);
        }
    }
}
