package io.identitybridge;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.model.FileFault;
import io.identitybridge.model.Situation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The one block that a start ends in.
 *
 * @param scim  the public address, as {@code http://localhost:8080}
 * @param admin the admin address
 * @param token where the admin token is: a file's path, or {@code BRIDGE_ADMIN_TOKEN}
 * @param lab   where the lab's stand-in IdP is; empty where the lab is off
 * @param parts what is on and off
 */
record Welcome(String scim, String admin, String token, Optional<String> lab, List<Situation.Part> parts, List<FileFault> faults) {
    private static final String LINE = "-".repeat(100);
    private static final String FAULTS = "/lab/faults";
    private static final String USUAL_ADMIN = "http://localhost:8081";
    private static final Path USUAL_DATA = Path.of("data");

    String text() {
        List<String> lines = new ArrayList<>(List.of("", LINE, "Portkey Identity Bridge is up",
                "  SCIM     " + scim + "/scim/v2/{source}     (bearer token of that source: " + command() + " token create SOURCE)",
                "  admin    " + admin + "/api     (bearer admin token: " + (file() ? "in " + token : "as set by " + token) + ")",
                "  stop     Ctrl-C, or end the process; the bridge's own PostgreSQL ends with it", ""));
        parts.stream().filter(Situation.Part::on).forEach(part -> lines.add("  on       " + name(part) + part.detail()));
        parts.stream().filter(part -> !part.on() && !part.kind().equals("push")).forEach(part -> lines.add("  off      " + name(part) + why(part)));
        silent().ifPresent(names -> lines.add("  off      push from " + names + ": they have no token (" + command() + " token create SOURCE)"));
        faults.forEach(fault -> lines.add("  FAULTY   " + fault + "   (the last good files are at work)"));
        lines.add("");
        lines.addAll(curls());
        lines.add(LINE);
        return String.join(System.lineSeparator(), lines);
    }

    /** The sources that nobody can push to yet, in one line. */
    private Optional<String> silent() {
        return parts.stream().filter(part -> part.kind().equals("push") && !part.on()).map(Situation.Part::name).reduce((one, other) -> one + ", " + other);
    }

    /** The same for programs: one object in one line. */
    String json() {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("scim", scim + "/scim/v2");
        told.put("admin", admin + "/api");
        told.put("token", file() ? Map.of("file", token) : Map.of("setting", token));
        lab.ifPresent(idp -> told.put("labFaults", idp + FAULTS));
        told.put("parts", parts);
        told.put("faults", faults);
        told.put("stop", Map.of("pid", ProcessHandle.current().pid(), "signal", "TERM"));
        return new ObjectMapper().valueToTree(told).toString();
    }

    private List<String> curls() {
        String header = "-H \"Authorization: Bearer $" + (file() ? "(cat " + quoted(token) + ")" : "BRIDGE_ADMIN_TOKEN") + "\"";
        List<String> lines = new ArrayList<>(List.of("  Look around:",
                "    curl -s " + header + " " + admin + "/api/workspaces",
                "    curl -s " + header + " '" + admin + "/api/members?limit=5'"));
        if (lab.isPresent()) {
            lines.addAll(List.of("    curl -s " + header + " " + admin + "/api/workspaces/Sales/members",
                    "  Push somebody, as an identity provider does:",
                    "    TOKEN=$(" + command() + " token create lab)     # mvn package makes target/bridge",
                    "    curl -s -X POST " + scim + "/scim/v2/lab/Users -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/scim+json' \\",
                    "      -d '{\"userName\":\"nina.simone@acme.com\",\"externalId\":\"00unina\",\"displayName\":\"Nina Simone\",\"active\":true,\"emails\":[{\"value\":\"nina.simone@acme.com\",\"primary\":true}]}'",
                    "    curl -s " + header + " '" + admin + "/api/members?q=nina'"));
        }
        lab.ifPresent(idp -> lines.addAll(List.of("  Let the lab's IdP fail in the middle of a page, pull, and see that nobody is removed (README: faults on request):",
                "    curl -s -X PUT " + idp + FAULTS + " -d '[{\"kind\":\"STATUS_503\",\"path\":\"/users\",\"page\":2}]'",
                "    " + command() + " pull lab --full     # fails, in some 15 s",
                "    curl -s -X DELETE " + idp + FAULTS)));
        return lines;
    }

    /** The program, told where this bridge is if that is not where it looks by itself. */
    private String command() {
        StringBuilder command = new StringBuilder();
        if (!admin.equals(USUAL_ADMIN)) {
            command.append("BRIDGE_URL=").append(admin).append(' ');
        }
        if (file() && !USUAL_DATA.equals(Path.of(token).getParent())) {
            command.append("BRIDGE_DATA=").append(quoted(String.valueOf(Path.of(token).getParent()))).append(' ');
        }
        return command.append("target/bridge").toString();
    }

    /** As a shell takes it in one piece. */
    private static String quoted(String path) {
        return path.matches("[\\w./@%+:,-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }

    private boolean file() {
        return !token.equals("BRIDGE_ADMIN_TOKEN");
    }

    private static String name(Situation.Part part) {
        String name = part.kind().equals("pull") ? "pull of " + part.name() : part.kind().equals("push") ? "push from " + part.name() : part.kind().equals(part.name()) ? part.kind() : part.kind() + " " + part.name();
        return "%-26s".formatted(name);
    }

    private static String why(Situation.Part part) {
        if (part.missing().isEmpty()) {
            return part.detail();
        }
        String lacks = "set " + String.join(", ", part.missing());
        return part.detail().equals("off") ? lacks : part.detail() + "; " + lacks;
    }
}
