package io.identitybridge.admin;

import io.identitybridge.model.OperatorRole;
import io.identitybridge.model.TargetControls;
import io.identitybridge.store.BadQuery;
import io.identitybridge.store.Page;
import io.identitybridge.store.Query;
import io.identitybridge.store.TargetReads;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The live Portkey that is published to: how it stands, what differs there, and the word of an operator on it. */
@RestController
@RequestMapping("/api/target")
class TargetApi {
    private static final int LONGEST = 500;
    private final TargetReads reads;
    private final TargetControls controls;

    TargetApi(TargetReads reads, TargetControls controls) {
        this.reads = reads;
        this.controls = controls;
    }

    /** @param makeWorkspaces the workspaces that would be made are not there: somebody has looked */
    record Applying(Optional<String> reason, Optional<Boolean> makeWorkspaces) {
    }

    /** For the audit. */
    record Reason(Optional<String> reason) {
    }

    /** @param workspace ours, by name or id, @param slug of the one at Portkey, or its id there */
    record Binding(Optional<String> workspace, Optional<String> slug, Optional<String> reason) {
    }

    /** @param person e-mail, user name or id */
    record Invite(Optional<String> person, Optional<String> reason) {
    }

    /** @param keys by their ids, all of his without */
    record Revocation(Optional<String> person, Optional<List<String>> keys, Optional<String> reason) {
    }

    record Unmapping(Optional<String> mapping, Optional<String> reason) {
    }

    @GetMapping
    Map<String, Object> target() {
        TargetControls.State state = controls.state();
        Map<String, Object> target = new LinkedHashMap<>();
        target.put("kind", state.kind());
        target.put("address", state.address().orElse(null));
        target.put("missing", state.missing());
        if (!state.kind().equals("store")) {
            reads.head().ifPresent(target::putAll);
        }
        return target;
    }

    /** The sums, and the lines as a list with their own parameters. */
    @GetMapping("/plan")
    Map<String, Object> plan(@RequestParam Map<String, String> parameters) {
        Map<String, Object> plan = reads.plan();
        reads.head().ifPresent(head -> List.of("mode", "readAt", "comparedAt").forEach(field -> plan.put(field, head.get(field))));
        plan.put("lines", reads.lines(Query.of(parameters)));
        return plan;
    }

    /** The lines of the plan alone; {@code pending=false&onceAdopted=false} is what drifted. */
    @GetMapping("/drift")
    Page drift(@RequestParam Map<String, String> parameters) {
        return reads.lines(Query.of(parameters));
    }

    @GetMapping("/people")
    Page people(@RequestParam Map<String, String> parameters) {
        return reads.people(Query.of(parameters));
    }

    @GetMapping("/workspaces")
    Page workspaces(@RequestParam Map<String, String> parameters) {
        return reads.workspaces(Query.of(parameters));
    }

    @GetMapping("/members")
    Page members(@RequestParam Map<String, String> parameters) {
        return reads.members(Query.of(parameters));
    }

    @GetMapping("/mappings")
    Page mappings(@RequestParam Map<String, String> parameters) {
        return reads.mappings(Query.of(parameters));
    }

    /** Asked of Portkey now. */
    @GetMapping("/keys")
    Map<String, List<TargetControls.Key>> keys(@RequestParam Optional<String> person) {
        return Map.of("keys", controls.keys(said("person", person)));
    }

    @GetMapping("/findings")
    Page findings(@RequestParam Map<String, String> parameters) {
        return reads.findings(Query.of(parameters));
    }

    @GetMapping("/manual")
    Page manual(@RequestParam Map<String, String> parameters) {
        return reads.manual(Query.of(parameters));
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/read")
    Map<String, String> read() {
        return Map.of("result", controls.read(Operator.actor()));
    }

    /** {@code plan} is missing where all that matches is adopted. */
    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/adopt")
    Map<String, Object> adopt(@RequestBody Reason said) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("plan", controls.adopt(said("reason", said.reason()), Operator.actor()).orElse(null));
        return answer;
    }

    @Needs(OperatorRole.APPROVER)
    @PostMapping("/apply")
    Map<String, String> apply(@RequestBody Applying said) {
        controls.apply(said("reason", said.reason()), said.makeWorkspaces().orElse(false), Operator.actor());
        return Map.of("mode", "apply");
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/observe")
    Map<String, String> observe(@RequestBody Reason said) {
        controls.observe(said("reason", said.reason()), Operator.actor());
        return Map.of("mode", "observe");
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/resume")
    Map<String, List<String>> resume(@RequestBody Reason said) {
        controls.resume(said("reason", said.reason()), Operator.actor());
        return Map.of("done", List.of("everybody is sent to Portkey again"));
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/bind")
    Map<String, List<String>> bind(@RequestBody Binding said) {
        return Map.of("done", controls.bind(said("workspace", said.workspace()), said("slug", said.slug()), said("reason", said.reason()), Operator.actor()));
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/invite")
    Map<String, List<String>> invite(@RequestBody Invite said) {
        return Map.of("done", controls.invite(said("person", said.person()), said("reason", said.reason()), Operator.actor()));
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/keys/revoke")
    Map<String, List<String>> revoke(@RequestBody Revocation said) {
        return Map.of("done", controls.revoke(said("person", said.person()), said.keys().orElse(List.of()), said("reason", said.reason()), Operator.actor()));
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/unmap")
    Map<String, List<String>> unmap(@RequestBody Unmapping said) {
        return Map.of("done", controls.unmap(said("mapping", said.mapping()), said("reason", said.reason()), Operator.actor()));
    }

    private static String said(String field, Optional<String> value) {
        return value.map(String::strip).filter(text -> !text.isEmpty() && text.length() <= LONGEST && text.chars().noneMatch(Character::isISOControl))
                .orElseThrow(() -> new BadQuery("say '" + field + "' in one line of at most " + LONGEST + " characters"));
    }
}
