package io.identitybridge.admin;

import io.identitybridge.model.Controls;
import io.identitybridge.model.OperatorRole;
import io.identitybridge.model.Situation;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.AdminReads;
import io.identitybridge.store.Page;
import io.identitybridge.store.Query;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Sources: how they stand, their runs, and what can be done to them. */
@RestController
@RequestMapping("/api")
class SourceApi {
    private final AdminReads reads;
    private final Controls controls;
    private final Situation situation;
    private final Known known;

    SourceApi(AdminReads reads, Controls controls, Situation situation, Known known) {
        this.reads = reads;
        this.controls = controls;
        this.situation = situation;
        this.known = known;
    }

    /**
     * @param full         everything, instead of what changed; false where it is not said
     * @param acceptShrink why this one reading is true although it has lost most of what was there before; it is a full one
     */
    record Pull(Optional<Boolean> full, Optional<String> acceptShrink) {
    }

    /** @param mapping a draft's text; without it the active mapping */
    record Draft(Optional<String> mapping) {
    }

    @GetMapping("/sources")
    Page sources(@RequestParam Map<String, String> parameters) {
        Page page = reads.sources(known.names(), Query.of(parameters));
        List<Situation.Part> parts = situation.parts();
        page.items().forEach(source -> {
            source.put("pull", part(parts, "pull", source.get("name")));
            source.put("push", part(parts, "push", source.get("name")));
        });
        return page;
    }

    @GetMapping("/runs")
    Page runs(@RequestParam Map<String, String> parameters) {
        return reads.runs(Query.of(parameters));
    }

    @GetMapping("/runs/{id}")
    Map<String, Object> run(@PathVariable UUID id) {
        return reads.runs(Query.of(Map.of("id", id.toString()))).items().stream().findFirst().orElseThrow(() -> Known.nothing("no run " + id));
    }

    @GetMapping("/sources/{source}/runs")
    Page runsOf(@PathVariable String source, @RequestParam Map<String, String> parameters) {
        Map<String, String> mine = new HashMap<>(parameters);
        mine.put("source", known.source(source).value());
        return reads.runs(Query.of(mine));
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/sources/{source}/runs")
    ResponseEntity<Map<String, UUID>> pull(@PathVariable String source, @RequestBody(required = false) Pull pull) {
        Optional<Pull> said = Optional.ofNullable(pull);
        Optional<String> shrunk = said.flatMap(Pull::acceptShrink).map(why -> HandApi.said("acceptShrink", Optional.of(why)));
        shrunk.ifPresent(why -> Operator.now().needs(OperatorRole.APPROVER));
        UUID run = shrunk.map(why -> controls.acceptShrink(known.source(source), why, Operator.actor()))
                .orElseGet(() -> controls.pull(known.source(source), said.flatMap(Pull::full).orElse(false), Operator.actor()));
        return ResponseEntity.accepted().location(URI.create("/api/runs/" + run)).body(Map.of("run", run));
    }

    @Needs(OperatorRole.VIEWER)
    @PostMapping("/sources/{source}/preview")
    Controls.Preview preview(@PathVariable String source, @RequestBody(required = false) Draft draft) {
        return controls.preview(known.source(source), draft == null ? Optional.empty() : draft.mapping());
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/sources/{source}/pause")
    Map<String, Object> pause(@PathVariable String source) {
        return paused(known.source(source), true);
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/sources/{source}/resume")
    Map<String, Object> resume(@PathVariable String source) {
        return paused(known.source(source), false);
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/sources/{source}/release")
    Map<String, String> release(@PathVariable String source) {
        return Map.of("result", controls.release(known.source(source), Operator.actor()));
    }

    private Map<String, Object> paused(SourceName source, boolean paused) {
        controls.pause(source, paused, Operator.actor());
        return Map.of("name", source.value(), "paused", paused);
    }

    private static Optional<Situation.Part> part(List<Situation.Part> parts, String kind, Object source) {
        return parts.stream().filter(part -> part.kind().equals(kind) && part.name().equals(source)).findFirst();
    }
}
