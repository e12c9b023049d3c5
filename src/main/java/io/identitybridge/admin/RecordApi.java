package io.identitybridge.admin;

import io.identitybridge.store.AdminReads;
import io.identitybridge.store.BadQuery;
import io.identitybridge.store.Page;
import io.identitybridge.store.Query;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What came in, what was done, and what should have come: the request log, the audit, the drift ledger. */
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

    /** What push should have told and a pull found, by source and attribute. */
    @GetMapping("/drift")
    Page drift(@RequestParam Map<String, String> parameters) {
        Map<String, String> rest = new HashMap<>(parameters);
        String days = Optional.ofNullable(rest.remove("days")).orElse("30");
        if (!days.matches("[1-9][0-9]?|[1-3][0-9]{2}|400")) {
            throw new BadQuery("days is a number from 1 to 400, not '" + days + "'");
        }
        return reads.drift(Integer.parseInt(days), Query.of(rest));
    }

    @GetMapping("/audit")
    Page audit(@RequestParam Map<String, String> parameters) {
        return reads.audit(Query.of(parameters));
    }
}
