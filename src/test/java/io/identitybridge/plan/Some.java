package io.identitybridge.plan;

import io.identitybridge.files.FileReader;
import io.identitybridge.model.Account;
import io.identitybridge.model.Grant;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import io.identitybridge.model.SourceName;
import io.identitybridge.model.Standing;
import io.identitybridge.model.User;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** People and organisations for tests of the middle. */
final class Some {
    static final SourceName OKTA = new SourceName("okta");
    static final SourceName ENTRA = new SourceName("entra");

    private Some() {
    }

    /** The shipped organisation with passages written differently, each followed by what stands instead. */
    static Organisation organisation(String... edits) {
        Map<String, String> texts = new TreeMap<>(FileReader.texts(Path.of("routes"), Path.of("mappings")));
        for (int i = 0; i < edits.length; i += 2) {
            String before = texts.get("mappings/portkey.yaml");
            if (!before.contains(edits[i])) {
                throw new IllegalArgumentException("portkey.yaml does not hold: " + edits[i]);
            }
            texts.put("mappings/portkey.yaml", before.replace(edits[i], edits[i + 1]));
        }
        return FileReader.read(texts).portkey();
    }

    static Account account(SourceName source, String email, Standing standing, Grant... grants) {
        return account(source, email, standing, List.of(), grants);
    }

    static Account account(SourceName source, String email, Standing standing, List<String> roles, Grant... grants) {
        User user = new User(Optional.of(source + email), email, email, email, standing != Standing.LEFT, roles, Optional.empty());
        return new Account(UUID.nameUUIDFromBytes((source + email).getBytes()), source, user, standing, Standing.LEFT, false, List.of(grants));
    }

    static Grant grant(SourceName source, String workspace, Role role) {
        return grant(source, workspace, role, "group:" + workspace + role);
    }

    static Grant grant(SourceName source, String workspace, Role role, String reason) {
        return new Grant(source, reason, workspace, role, "mappings/" + source + ".yaml:1");
    }

    static PersonNow person(String email, OrgRole role, boolean owned, Grant... grants) {
        Map<String, PersonNow.MembershipNow> memberships = new LinkedHashMap<>();
        for (Grant grant : grants) {
            memberships.put(grant.workspace().toLowerCase(), new PersonNow.MembershipNow(grant.workspace(), grant.role(), true, List.of(grant)));
        }
        return new PersonNow(email, email, email, role, true, owned, memberships);
    }

    static List<String> sentences(PersonPlan plan) {
        return plan.lines().stream().map(Line::sentence).toList();
    }
}
