package io.identitybridge.admin;

import io.identitybridge.model.Controls;
import io.identitybridge.model.OperatorRole;
import io.identitybridge.store.BadQuery;
import io.identitybridge.store.Page;
import io.identitybridge.store.PlanReads;
import io.identitybridge.store.Query;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Held plans: what waits, and the word of a person on it. */
@RestController
@RequestMapping("/api/plans")
class PlanApi {
    private final PlanReads reads;
    private final Controls controls;

    PlanApi(PlanReads reads, Controls controls) {
        this.reads = reads;
        this.controls = controls;
    }

    /**
     * @param only the lines' numbers; all held lines where it is not said
     * @param hash of the plan as it was shown; another one is refused
     */
    record Approval(Optional<List<Integer>> only, Optional<String> hash) {
    }

    /** @param reason for those who ask later why the lines never came */
    record Rejection(Optional<List<Integer>> only, Optional<String> reason) {
    }

    @GetMapping
    Page plans(@RequestParam Map<String, String> parameters) {
        return reads.plans(Query.of(parameters));
    }

    /** The parameters are those of its list of lines. */
    @GetMapping("/{id}")
    Map<String, Object> plan(@PathVariable long id, @RequestParam Map<String, String> parameters) {
        Map<String, Object> plan = known(id);
        plan.put("total", plan.remove("lines"));
        plan.put("lines", reads.lines(id, Query.of(parameters)));
        return plan;
    }

    @Needs(OperatorRole.APPROVER)
    @PostMapping("/{id}/approve")
    Map<String, List<String>> approve(@PathVariable long id, @RequestBody(required = false) Approval approval) {
        known(id);
        Optional<Approval> said = Optional.ofNullable(approval);
        return Map.of("lines", controls.approve(id, numbers(said.flatMap(Approval::only)), said.flatMap(Approval::hash), Operator.actor()));
    }

    @Needs(OperatorRole.APPROVER)
    @PostMapping("/{id}/reject")
    Map<String, List<String>> reject(@PathVariable long id, @RequestBody(required = false) Rejection rejection) {
        known(id);
        Optional<Rejection> said = Optional.ofNullable(rejection);
        return Map.of("lines", controls.reject(id, numbers(said.flatMap(Rejection::only)), Operator.actor(), said.flatMap(Rejection::reason).orElse("")));
    }

    private Map<String, Object> known(long id) {
        return reads.plan(id).orElseThrow(() -> Known.nothing("no plan " + id));
    }

    /** An empty list is a slip, not a wish for all of them. */
    private static List<Integer> numbers(Optional<List<Integer>> only) {
        if (only.filter(List::isEmpty).isPresent()) {
            throw new BadQuery("'only' names no line; leave it out for all of them");
        }
        return only.orElse(List.of());
    }
}
