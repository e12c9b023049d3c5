package io.identitybridge.lab;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /audit-logs}: what was written, the newest first. */
final class AdminAuditLogs {
    private static final int PAGE = 100;

    private AdminAuditLogs() {
    }

    static Answer answer(Call call, PortkeyLog log, String organisation) {
        Instant from = time(call, "start_time");
        Instant to = time(call, "end_time");
        if (!call.asked("organisation_id").equals(organisation)) {
            throw call.asked("organisation_id").isEmpty() ? Refusal.invalid("\"organisation_id\" is required") : Refusal.forbidden();
        }
        int size = call.number("page_size", PAGE);
        if (size > PAGE) {
            throw Refusal.invalid("\"page_size\" must be at most " + PAGE);
        }
        List<PortkeyLog.Write> found = new ArrayList<>(log.writes().stream().filter(write -> !write.method().equals("HAND") && !write.method().equals("PATCH"))
                .filter(write -> !write.at().isBefore(from) && !write.at().isAfter(to))
                .filter(write -> call.asked("method").isEmpty() || write.method().equals(call.asked("method"))).toList());
        java.util.Collections.reverse(found);
        List<Map<String, Object>> page = AdminPage.SNAKE.of(call, found, PAGE, write -> row(write, organisation));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("records", page);
        body.put("total", page.size());
        body.put("object", "analytics-graph");
        return Answer.ok(body);
    }

    private static Instant time(Call call, String name) {
        try {
            return Instant.parse(call.asked(name));
        } catch (DateTimeParseException e) {
            throw Refusal.invalid("\"" + name + "\" must be a time");
        }
    }

    private static Map<String, Object> row(PortkeyLog.Write write, String organisation) {
        return new LinkedHashMap<>(Map.of("timestamp", write.at().toString(), "method", write.method(), "uri", write.path(), "request_id", "req-" + write.number(), "request_body", write.body(),
                "user_type", "api_key", "organisation_id", organisation, "response_status_code", write.status(), "resource_type", write.path().split("/")[1], "action", write.method().toLowerCase(java.util.Locale.ROOT)));
    }
}
