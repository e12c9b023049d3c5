package io.identitybridge.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.store.Shown;
import io.identitybridge.store.TargetStage;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads Portkey by the Admin API. Pages go by number from zero, in the style of each list (PORTKEY 2.2), until one is short or empty; a list that moved
 * while it was read is read again, and {@code total} alone is never believed. Invites come before users: whoever accepts in between is seen twice, not never.
 * Whoever was there, or was invited, and is in no list is asked for by himself before he counts as gone.
 */
final class AdminReader implements TargetReader {
    private static final int SIZE = WholeList.SIZE;
    private static final int MOST_PAGES = 1_000;
    private static final List<String> STANDINGS = List.of("pending", "expired", "cancelled");

    @Override
    public void read(Calls calls, Pages pages) {
        for (String standing : STANDINGS) {
            list(calls, "/admin/users/invites?pageSize=" + SIZE + "&status=" + standing + "&currentPage=", AdminReader::invites, pages);
        }
        list(calls, "/admin/users?pageSize=" + SIZE + "&currentPage=", AdminReader::users, pages);
        pages.unseen(known -> user(calls, known, pages));
        pages.unseenInvites(known -> AdminPeople.invite(calls, known.id()).filter(invite -> !invite.status().equals("accepted")).ifPresentOrElse(invite -> pages.page(List.of(shown(invite))), () -> user(calls, known, pages)));
        list(calls, "/admin/workspaces?status=active&page_size=" + SIZE + "&current_page=", AdminReader::workspaces, pages);
        pages.workspaces(uuid -> members(calls, uuid, pages));
        mappings(calls, pages);
    }

    private static void user(Calls calls, TargetStage.Known known, Pages pages) {
        if (AdminPeople.isAddress(known.email())) {
            pages.page(users(calls.read(Ask.list("/admin/users?pageSize=" + SIZE + "&currentPage=0&email=" + AdminApi.encoded(known.email())))));
        } else {
            AdminPeople.byId(calls, known.id()).ifPresent(user -> pages.page(List.of(shown(user))));
        }
    }

    /** They are told and never written, and a key for people need not have the right to see them, nor a Portkey have SCIM: without them the reading is whole all the same. */
    private static void mappings(Calls calls, Pages pages) {
        try {
            WholeList.read("GET /scim/workspaces", pages, (page, before) -> {
                List<Shown.Mapping> shown = mappings(calls, page);
                return new WholeList.Part(shown, Optional.empty(), shown.size() < SIZE); // its total is of the page
            });
        } catch (TargetFault fault) {
            pages.withoutMappings(fault.getMessage());
        }
    }

    private static List<Shown.Mapping> mappings(Calls calls, int page) {
        return AdminRows.mappings(calls.read(Ask.list("/scim/workspaces?page_size=" + SIZE + "&page=" + page)));
    }

    /** Whether the list shows this mapping. */
    static boolean maps(Calls calls, String mapping) {
        for (int page = 0; page < MOST_PAGES; page++) {
            List<Shown.Mapping> shown = mappings(calls, page);
            if (shown.stream().anyMatch(one -> one.id().equals(mapping))) {
                return true;
            }
            if (shown.size() < SIZE) {
                return false;
            }
        }
        return true;
    }

    private static void members(Calls calls, String uuid, Pages pages) {
        try {
            list(calls, "/admin/workspaces/" + AdminApi.encoded(uuid) + "/users?page_size=" + SIZE + "&current_page=", body -> members(uuid, body), pages);
        } catch (TargetFault fault) {
            if (AdminWorkspaces.shown(calls, uuid)) {
                throw fault;
            }
            pages.forget(uuid); // deleted by hand meanwhile: 404, or 403 as for what is somebody else's
        }
    }

    private static void list(Calls calls, String path, Function<JsonNode, List<? extends Shown>> rows, Pages pages) {
        WholeList.read(Ask.list(path).kind(), pages, (page, before) -> {
            JsonNode body = calls.read(Ask.list(path + page));
            List<? extends Shown> shown = rows.apply(body);
            return new WholeList.Part(shown, body.path("total").isIntegralNumber() ? Optional.of(body.path("total").asLong()) : Optional.empty(), shown.size() < SIZE);
        });
    }

    private static List<Shown.Invite> invites(JsonNode list) {
        return AdminRows.invites(list).stream().map(AdminReader::shown).toList();
    }

    private static Shown.Invite shown(AdminRows.Invited row) {
        return new Shown.Invite(row.id(), row.email(), row.role(), row.status(), row.carries());
    }

    private static List<Shown.User> users(JsonNode list) {
        return AdminRows.users(list).stream().map(AdminReader::shown).toList();
    }

    private static Shown.User shown(AdminRows.User row) {
        return new Shown.User(row.id(), row.email(), Optional.of(row.name()), row.role());
    }

    private static List<Shown.Workspace> workspaces(JsonNode list) {
        return AdminRows.workspaces(list).stream().map(row -> new Shown.Workspace(row.uuid(), Optional.of(row.uuid()), row.slug(), row.name(), row.shared(), true)).toList();
    }

    private static List<Shown.Member> members(String uuid, JsonNode list) {
        return AdminRows.members(list).stream().map(row -> new Shown.Member(uuid, row.userId(), Optional.of(row.email()), row.role())).toList();
    }
}
