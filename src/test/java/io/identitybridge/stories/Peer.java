package io.identitybridge.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import io.identitybridge.lab.Company;
import io.identitybridge.lab.Faults;
import io.identitybridge.lab.StandInOkta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** One peer's worst day: a source of the shared bridge with the lab's files under its own name, and its own stand-in IdP, whose people nobody else has. */
final class Peer implements AutoCloseable {
    final String name;
    final Company company;
    final StandInOkta idp;
    private TestBridge bridge;

    private Peer(String name, Company company) throws IOException {
        this.name = name;
        this.company = company;
        this.idp = new StandInOkta(company, "secret", 0);
    }

    /**
     * @param page   how many stand on one page of every list
     * @param people of the company, in so many groups {@code ws-NAME n-role-member}, each person in one of them
     */
    static Peer of(BridgeFiles files, String name, int page, int people, int groups) throws IOException {
        Company company = Company.of(people, groups, 1);
        all(company).forEach(person -> company.email(person.id(), person.email().replace("@acme.com", "@" + name + ".acme.com")));
        List<String> ids = company.groups("", groups).stream().map(java.util.Map.Entry::getKey).toList();
        for (int g = 0; g < ids.size(); g++) {
            company.rename(ids.get(g), "ws-" + name + " " + g + "-role-member");
        }
        Files.writeString(files.routes.resolve(name + ".source.yaml"), Files.readString(Path.of("routes/lab.source.yaml")).replace("source: lab", "source: " + name)
                .replace("LAB_", name.toUpperCase() + "_").replace("property: lab.", "property: " + name + ".").replace("\"50\"", "\"" + page + "\"")
                .replace("  wait-until: X-Rate-Limit-Reset\n  attempts: 4", "  attempts: 2").replace("limit=50", "limit=" + page));
        Files.writeString(files.mappings.resolve(name + ".yaml"), Files.readString(Path.of("mappings/lab.yaml")).replace("mapping: lab", "mapping: " + name));
        return new Peer(name, company);
    }

    /** Lets the first pull of so many create them all today: the usual limit is 1,000. */
    static BridgeFiles firstLoad(BridgeFiles files, String source) {
        return files.edit("portkey.yaml", "  archive: {share: 5%,  always-allow: 5}", "  raised: [{class: create, source: " + source + ", to: {at-most: 20000}, why: the first load, until: "
                + LocalDate.now(ZoneOffset.UTC).plusDays(1) + "}]\n  archive: {share: 5%,  always-allow: 5}");
    }

    String[] settings() {
        return new String[] {name + ".url=" + idp.url(), name + ".token=secret"};
    }

    void at(TestBridge running) {
        bridge = running;
    }

    /** The id of the group that gives {@code NAME n}. */
    String group(int number) {
        return company.groups("", 1_000).get(number).getKey();
    }

    /** Whoever the IdP has and counts as active. */
    List<Company.Person> active() {
        return all(company).stream().filter(person -> !List.of("DEPROVISIONED", "SUSPENDED").contains(person.status())).toList();
    }

    private static List<Company.Person> all(Company company) {
        return company.people("", 100_000);
    }

    void broken(Faults.Kind kind, String path, int page) {
        idp.faults().set(List.of(new Faults.Fault(kind, path, page, 0, 0)));
    }

    void mended() {
        idp.faults().set(List.of());
    }

    JsonNode pull() {
        return bridge.pull(name);
    }

    /** A pull that ended well, some lines held or not, and the minute after it. */
    JsonNode pulled() {
        JsonNode run = pull();
        assertThat(run.get("status").asText()).as(run.toString()).isIn("done", "held");
        for (String table : List.of("account", "directory_group")) { // a minute goes by: within the lag of having been read nobody is taken for absent
            bridge.sql.update("update " + table + " set pulled_at = pulled_at - interval '1 minute' where source = ?", name);
        }
        return run;
    }

    /** A pull that failed and says that it removed nobody; gives what it says. */
    String failed() {
        JsonNode run = pull();
        assertThat(run.get("status").asText()).as(run.toString()).isEqualTo("failed");
        assertThat(run.get("message").asText()).containsPattern("nobody (is|was) removed");
        return run.get("message").asText();
    }

    /** Its people who are members, or were: by status. */
    List<String> people(String status) {
        return bridge.people(status).stream().filter(email -> email.endsWith("@" + name + ".acme.com")).toList();
    }

    /** As {@code Sales/ada@ssosync.acme.com=member}. */
    List<String> memberships() {
        return bridge.memberships().stream().filter(line -> line.contains("@" + name + ".acme.com=")).toList();
    }

    /** The open plans of this source. */
    List<JsonNode> plans() {
        List<JsonNode> plans = new ArrayList<>();
        bridge.api("GET", "/plans?limit=1000&status=held&source=" + name, "").body().get("items").forEach(plans::add);
        return plans;
    }

    /** The one open plan, as {@code plans ID} shows it, with at most 1,000 of its waiting lines. */
    JsonNode plan() {
        List<JsonNode> plans = plans();
        assertThat(plans).as("plans of " + name).hasSize(1);
        return bridge.api("GET", "/plans/" + plans.getFirst().get("id").asText() + "?limit=1000&status=held", "").body();
    }

    /** The sentences that wait in the one open plan. */
    List<String> waiting() {
        List<String> sentences = new ArrayList<>();
        plan().at("/lines/items").forEach(line -> sentences.add(line.get("sentence").asText()));
        return sentences;
    }

    /** Approves these lines of the one open plan, or all. */
    void approve(Integer... lines) {
        JsonNode plan = plan();
        String only = lines.length == 0 ? "" : ",\"only\":" + List.of(lines);
        TestBridge.Answer answer = bridge.api("POST", "/plans/" + plan.get("id").asText() + "/approve", "{\"hash\":\"" + plan.get("hash").asText() + "\"" + only + "}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    /** So much time passes for whatever is counted over 24 hours, is missing, or is gone. */
    void passes(String interval) {
        bridge.sql.update("update tally set at = at - ?::interval where source = ?", interval, name);
        for (String table : List.of("account", "directory_group")) {
            bridge.sql.update("update " + table + " set missing_since = missing_since - ?::interval, gone_at = gone_at - ?::interval where source = ? and (missing_since is not null or gone_at is not null)", interval, interval, name);
        }
    }

    @Override
    public void close() {
        idp.close();
    }
}
