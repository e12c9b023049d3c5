package io.identitybridge.admin;

import io.identitybridge.store.AdminReads;
import io.identitybridge.store.BadQuery;
import io.identitybridge.store.Explanations;
import io.identitybridge.store.Page;
import io.identitybridge.store.Past;
import io.identitybridge.store.Query;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Members and workspaces, and why one person has what he has. */
@RestController
@RequestMapping("/api")
class PeopleApi {
    private final AdminReads reads;
    private final Explanations explanations;
    private final Past past;
    private final Because because;

    PeopleApi(AdminReads reads, Explanations explanations, Past past, Because because) {
        this.reads = reads;
        this.explanations = explanations;
        this.past = past;
        this.because = because;
    }

    @GetMapping("/members")
    Page members(@RequestParam Map<String, String> parameters) {
        return reads.members(Query.of(parameters));
    }

    @GetMapping("/workspaces")
    Page workspaces(@RequestParam Map<String, String> parameters) {
        return reads.workspaces(Query.of(parameters));
    }

    /** @param id the workspace's id, or its name */
    @GetMapping("/workspaces/{id}/members")
    Page members(@PathVariable String id, @RequestParam Map<String, String> parameters) {
        return reads.workspaceMembers(id, Query.of(parameters)).orElseThrow(() -> Known.nothing("no workspace " + id));
    }

    /** With {@code at}, as it was then. */
    @GetMapping("/explain")
    Map<String, Object> explain(@RequestParam Map<String, String> parameters) {
        String person = parameters.getOrDefault("person", "");
        if (person.isBlank() || parameters.size() > (parameters.containsKey("at") ? 2 : 1)) {
            throw new BadQuery("ask as /api/explain?person=EMAIL, by e-mail or user name, and with at=DATE for the past");
        }
        if (parameters.containsKey("at")) {
            return then(person, Moments.of(parameters.get("at")));
        }
        Map<String, Object> found = explanations.of(person).orElseThrow(() -> Known.nothing("no source has told of '" + person + "'"));
        Optional<UUID> known = Because.person(found);
        found.putAll(Standings.of(found));
        known.ifPresent(id -> because.add(found, id));
        return found;
    }

    /** Whoever had the address then; else whoever has it now, or had it last. */
    private Map<String, Object> then(String person, Instant at) {
        UUID id = past.holder(person, at).or(() -> explanations.of(person).flatMap(Because::person)).orElseThrow(() -> Known.nothing("'" + person + "' is no member and never was one"));
        Map<String, Object> then = past.of(id, at);
        because.then(then);
        then.put("person", explanations.shown(id));
        return then;
    }
}
