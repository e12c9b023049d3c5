package io.identitybridge.admin;

import io.identitybridge.store.AdminReads;
import io.identitybridge.store.Page;
import io.identitybridge.store.Query;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What came in and what was done: the request log and the audit. */
@RestController
@RequestMapping("/api")
class RecordApi {
    private final AdminReads reads;

    RecordApi(AdminReads reads) {
        this.reads = reads;
    }

    @GetMapping("/requests")
    Page requests(@RequestParam Map<String, String> parameters) {
        return reads.requests(Query.of(parameters));
    }

    @GetMapping("/audit")
    Page audit(@RequestParam Map<String, String> parameters) {
        return reads.audit(Query.of(parameters));
    }
}
