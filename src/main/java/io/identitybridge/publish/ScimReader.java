package io.identitybridge.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.model.Failure;
import io.identitybridge.model.Folded;
import io.identitybridge.model.Organisation;
import io.identitybridge.publish.Calls.Result;
import io.identitybridge.store.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads Portkey by its SCIM endpoint (RFC 7644, 3.4.2): users, archived ones too, groups without their members, and then the members of each group whose name gives a role
 * in a workspace. A list has an end only where a page is empty. Whoever, and whatever group, was there and is on no page is asked for by itself before it counts as gone.
 */
final class ScimReader implements TargetReader {
    private static final int CHUNK = 2_000;

    private final GroupNames names;
    private final Optional<String> shared;

    ScimReader(Organisation organisation) {
        this.names = new GroupNames(organisation.pattern());
        this.shared = organisation.defaultWorkspace().map(Folded::of);
    }

    @Override
    public void read(Calls calls, Pages pages) {
        list(calls, "/Users?", ScimReader::user, pages);
        pages.unseen(known -> asked(calls, "/Users/" + AdminApi.encoded(known.id())).ifPresent(row -> pages.page(List.of(user(row)))));
        list(calls, "/Groups?excludedAttributes=members&", this::group, pages);
        pages.unseenGroups(id -> asked(calls, "/Groups/" + AdminApi.encoded(id)).ifPresent(row -> pages.page(List.of(group(row)))));
        pages.giving(group -> members(calls, group, pages));
        pages.withoutMappings("Portkey's SCIM does not show them");
    }

    private static void list(Calls calls, String path, Function<JsonNode, Shown> shown, Pages pages) {
        WholeList.read(Ask.list(path).kind(), pages, (page, before) -> {
            JsonNode body = calls.read(Ask.list(path + "startIndex=" + (before + 1) + "&count=" + WholeList.SIZE));
            long total = ScimLists.total(body);
            List<Shown> rows = new ArrayList<>();
            body.path("Resources").forEach(row -> rows.add(shown.apply(row)));
            return new WholeList.Part(rows, Optional.of(total), rows.isEmpty());
        });
    }

    private static Optional<JsonNode> asked(Calls calls, String path) {
        return calls.send(new Ask("GET", path, Optional.empty(), Failure.Call.READ, false)) instanceof Result.Ok ok ? Optional.of(ok.body()) : Optional.empty();
    }

    private static Shown user(JsonNode row) {
        ScimUsers.User user = ScimUsers.User.of(row);
        return new Shown.User(user.id(), user.email().isBlank() ? user.id() : user.email(), some(user.name()), user.role(), user.active(), some(user.userName()), some(user.externalId()));
    }

    private Shown group(JsonNode row) {
        String name = row.path("displayName").asText("");
        Optional<GroupNames.Gives> gives = names.gives(name);
        return new Shown.Group(ScimUsers.required(row, "id"), name, gives.map(GroupNames.Gives::workspace).map(Folded::of), gives.map(GroupNames.Gives::role), some(row.path("externalId").asText("")));
    }

    /** The workspace goes by its folded name: Portkey does not say whether two that differ in case are two. */
    private void members(Calls calls, Shown.Group group, Pages pages) {
        Optional<JsonNode> row = asked(calls, "/Groups/" + AdminApi.encoded(group.id()));
        if (row.isEmpty()) {
            return; // deleted meanwhile: the next reading says so
        }
        String key = group.workspace().orElseThrow();
        pages.page(List.of(new Shown.Workspace(key, Optional.empty(), Optional.empty(), names.gives(group.name()).orElseThrow().workspace(), shared.filter(key::equals).isPresent(), true)));
        List<Shown> members = new ArrayList<>();
        ScimGroups.members(row.get().path("members")).filter(id -> !id.isBlank()).forEach(id -> {
            members.add(new Shown.Member(key, Optional.of(id), Optional.empty(), group.role().orElseThrow()));
            if (members.size() == CHUNK) {
                pages.page(members);
                members.clear();
            }
        });
        pages.page(members);
    }

    private static Optional<String> some(String text) {
        return Optional.of(text).filter(some -> !some.isBlank());
    }
}
