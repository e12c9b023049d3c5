package io.identitybridge.lab;

import io.identitybridge.lab.PortkeyRow.ApiKey;
import io.identitybridge.lab.PortkeyRow.Invite;
import io.identitybridge.lab.PortkeyRow.Person;
import io.identitybridge.lab.PortkeyRow.Standing;
import io.identitybridge.lab.PortkeyRow.Workspace;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;

/** What people do in Portkey's own app, past both APIs. People are named by e-mail, workspaces by name, slug or id; whoever is not there is a {@link NoSuchElementException}. */
public final class PortkeyByHand {
    private final PortkeyStore store;

    PortkeyByHand(PortkeyStore store) {
        this.store = store;
    }

    /** Somebody new, with any organisation role. */
    public Person person(String email, String firstName, String lastName, String role) {
        return store.byHand("person", writes -> writes.create(email, firstName, lastName, role));
    }

    public void role(String email, String role) {
        store.<Object>byHand("role", writes -> {
            writes.replace(writes.state.existing(email).withRole(role, writes.now));
            return writes;
        });
    }

    /** Out of the organisation, as by the Admin API. */
    public void remove(String email) {
        store.<Object>byHand("remove", writes -> {
            writes.remove(writes.state.existing(email));
            return writes;
        });
    }

    public Workspace workspace(String name) {
        return workspace(name, "");
    }

    public Workspace workspace(String name, String description) {
        return store.byHand("workspace", writes -> writes.found(name, description, Map.of(), false));
    }

    /** Deleted for good, whatever is in it, the default one too. */
    public void deleteWorkspace(String workspace) {
        store.<Object>byHand("delete workspace", writes -> {
            writes.delete(existing(writes, workspace));
            return writes;
        });
    }

    public void renameWorkspace(String workspace, String name) {
        store.<Object>byHand("rename workspace", writes -> {
            Workspace found = existing(writes, workspace);
            writes.replace(found.with(name, found.description(), found.metadata(), writes.now));
            return writes;
        });
    }

    /** An emoji that answers put before the name, and how many providers, configs and prompts lie in the workspace. */
    public void furnish(String workspace, String icon, int resources) {
        store.<Object>byHand("furnish", writes -> {
            Workspace found = existing(writes, workspace);
            writes.replace(found.with(icon, resources, found.active(), writes.now));
            return writes;
        });
    }

    /** Into a workspace, or another role there. */
    public void join(String workspace, String email, String role) {
        store.<Object>byHand("join", writes -> {
            writes.join(existing(writes, workspace).id(), writes.state.existing(email).id(), role);
            return writes;
        });
    }

    public void leave(String workspace, String email) {
        store.<Object>byHand("leave", writes -> {
            writes.leave(existing(writes, workspace).id(), writes.state.existing(email).id(), true);
            return writes;
        });
    }

    /** The invited person clicks the link. */
    public Person accept(String email) {
        return store.byHand("accept", writes -> writes.accept(pending(writes, email), name(email), "Invited"));
    }

    public void expire(String email) {
        stand(email, Standing.EXPIRED);
    }

    public void cancel(String email) {
        stand(email, Standing.CANCELLED);
    }

    private void stand(String email, Standing standing) {
        store.<Object>byHand(standing.word(), writes -> {
            writes.put(pending(writes, email).to(standing, standing == Standing.EXPIRED ? writes.now : pending(writes, email).expires(), writes.now));
            return writes;
        });
    }

    /** A login by SSO: a pending invite is accepted by it; else whoever is unknown comes in as member, if that is on. Empty if he may not. */
    public Optional<Person> login(String email, String firstName, String lastName) {
        return store.byHand("login", writes -> {
            Optional<Person> there = writes.state.person(email);
            Optional<Invite> invite = writes.state.pending(email);
            if (invite.isPresent()) {
                return Optional.of(writes.accept(invite.get(), firstName, lastName));
            }
            boolean mayCome = there.isEmpty() && writes.quirks.contains(PortkeyQuirk.LOGIN_PROVISIONS);
            return mayCome ? Optional.of(writes.create(email, firstName, lastName, "member")) : there.filter(Person::active);
        });
    }

    /** A key that somebody made for himself. */
    public ApiKey key(String email, String workspace, String name) {
        return store.byHand("key", writes -> writes.mint(writes.state.existing(email).id(), existing(writes, workspace).id(), name));
    }

    /**
     * An organisation that grew by hand: so many people, {@code person0001@acme.com} and on, in so many workspaces, {@code Team 01} and on; each person in one to four of them,
     * the first admin, every tenth manager; one in fifty an organisation admin. The same for the same seed.
     */
    public void organisation(int people, int workspaces, long seed) {
        Random random = new Random(seed);
        for (int w = 1; w <= workspaces; w++) {
            workspace("Team %02d".formatted(w));
        }
        for (int p = 1; p <= people; p++) {
            String email = "person%04d@acme.com".formatted(p);
            person(email, Names.FIRST.get(random.nextInt(Names.FIRST.size())), Names.LAST.get(random.nextInt(Names.LAST.size())), p % 50 == 0 ? "admin" : "member");
            for (int n = 1 + random.nextInt(4); n > 0 && workspaces > 0; n--) {
                join("Team %02d".formatted(1 + random.nextInt(workspaces)), email, p <= workspaces ? "admin" : p % 10 == 0 ? "manager" : "member");
            }
        }
    }

    private static Workspace existing(PortkeyWrites writes, String any) {
        return writes.state.workspace(any).orElseThrow(() -> new NoSuchElementException("no workspace " + any));
    }

    private static Invite pending(PortkeyWrites writes, String email) {
        return writes.state.pending(email).orElseThrow(() -> new NoSuchElementException("no pending invite for " + email));
    }

    private static String name(String email) {
        return email.substring(0, email.indexOf('@'));
    }
}
