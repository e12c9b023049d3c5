package io.identitybridge.admin;

import io.identitybridge.model.Controls;
import io.identitybridge.model.OperatorRole;
import io.identitybridge.model.Situation;
import io.identitybridge.store.AdminReads;
import io.identitybridge.store.Alarms;
import io.identitybridge.store.BadQuery;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The bridge itself: what is on, which files are active, and the description of this API. */
@RestController
@RequestMapping("/api")
class StatusApi {
    private final AdminReads reads;
    private final Alarms alarms;
    private final Situation situation;
    private final Controls controls;
    private final Listeners listeners;

    StatusApi(AdminReads reads, Alarms alarms, Situation situation, Controls controls, Listeners listeners) {
        this.reads = reads;
        this.alarms = alarms;
        this.situation = situation;
        this.controls = controls;
        this.listeners = listeners;
    }

    @GetMapping("/status")
    Map<String, Object> status() {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("publicPort", listeners.publicPort());
        status.put("adminPort", listeners.adminPort());
        status.put("parts", situation.parts());
        status.put("heldPlans", alarms.held().size());
        status.put("openLetters", alarms.letters().stream().mapToLong(Alarms.Letters::open).sum());
        status.put("fileFaults", situation.faults());
        return status;
    }

    /** @param contents the files' texts, too */
    @GetMapping("/files")
    Map<String, Object> files(@RequestParam(defaultValue = "false") boolean contents) {
        Map<String, Object> files = reads.files(contents).orElseGet(LinkedHashMap::new);
        files.put("faults", situation.faults());
        files.put("waiting", situation.waiting());
        return files;
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/files/activate")
    Map<String, String> activate() {
        return Map.of("hash", controls.activate(Operator.actor()));
    }

    /** @param hash of an earlier set, whole or its beginning; the one before where it is not said */
    record Earlier(Optional<String> hash) {
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/files/rollback")
    Map<String, String> rollback(@RequestBody(required = false) Earlier earlier) {
        Optional<String> hash = Optional.ofNullable(earlier).flatMap(Earlier::hash);
        if (hash.filter(text -> !text.matches("[0-9a-f]{4,64}")).isPresent()) {
            throw new BadQuery("a hash is 4 to 64 of 0-9 and a-f: as 'files' shows it, or its beginning");
        }
        return Map.of("hash", controls.rollback(hash, Operator.actor()));
    }

    @GetMapping("/openapi.json")
    ResponseEntity<Resource> openapi() {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(new ClassPathResource("api/openapi.json"));
    }
}
