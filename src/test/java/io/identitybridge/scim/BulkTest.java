package io.identitybridge.scim;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.SourceName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The order in which a Bulk gives its operations out, and what it makes of their answers. */
class BulkTest {
    private static final String DELETES = "{'method':'DELETE','path':'/Users/a'},{'method':'DELETE','path':'/Users/b'},{'method':'DELETE','path':'/Users/c'},{'method':'DELETE','path':'/Users/d'},{'method':'DELETE','path':'/Users/e'}";

    @Test
    void three_operations_in_a_row_that_the_bridge_cannot_serve_end_the_trying() {
        Bulk bulk = bulk(DELETES);
        assertThat(run(bulk, 503, 503, 503)).containsExactly("/lab/Users/a", "/lab/Users/b", "/lab/Users/c");
        assertThat(answer(bulk)).contains("not tried").doesNotContain("\"status\":\"204\"");
    }

    @Test
    void one_unlucky_operation_holds_nobody_up() {
        assertThat(run(bulk(DELETES), 503, 503, 204, 503, 503)).hasSize(5);
    }

    @Test
    void who_is_referred_to_goes_first_and_each_goes_once() {
        Bulk bulk = bulk("{'method':'PATCH','path':'/Users/bulkId:b','data':{}},{'method':'POST','path':'/Groups','bulkId':'a','data':{'members':['bulkId:b']}},{'method':'POST','path':'/Users','bulkId':'b','data':{'manager':'bulkId:c'}},{'method':'POST','path':'/Users','bulkId':'c','data':{}}");
        assertThat(run(bulk, 201, 201, 200, 201)).containsExactly("/lab/Users", "/lab/Users", "/lab/Users/made", "/lab/Groups");
        assertThat(answer(bulk)).doesNotContain("bulkId:");
    }

    @Test
    void references_are_found_in_paths_lists_and_the_filters_of_a_patch_and_nowhere_else() {
        BulkOperation operation = BulkOperation.of(Map.of("method", "PATCH", "path", "/Groups/bulkId:g", "data", List.of(Map.of("op", "remove", "path", "members[value eq \"bulkId:x\"]"), Map.of("op", "add", "path", "members", "value", List.of("bulkId:y", "about bulkId:z")))));
        assertThat(operation.references()).containsExactlyInAnyOrder("g", "x", "y");
        assertThat(operation.resolved(id -> "<" + id + ">").data().toString()).contains("members[value eq \"<x>\"]", "<y>", "about bulkId:z");
    }

    @Test
    void a_text_that_only_looks_like_a_reference_is_a_text() {
        BulkOperation operation = BulkOperation.of(Map.of("method", "POST", "path", "/Users", "data", Map.of("displayName", "bulkId:x", "emails", List.of(Map.of("value", "bulkId:y")))));
        assertThat(operation.references()).isEmpty();
        assertThat(operation.resolved(id -> "no").data().toString()).contains("bulkId:x", "bulkId:y");
        assertThat(BulkOperation.of(Map.of("method", "PATCH", "path", "/Users/a", "data", List.of(Map.of("op", "add", "path", "title", "value", "bulkId:x"), Map.of("op", "add", "value", Map.of("title", "bulkId:z"))))).references()).isEmpty();
    }

    @Test
    void in_a_circle_one_is_made_without_what_it_cannot_know_and_told_the_rest() {
        Bulk bulk = bulk("{'method':'POST','path':'/Users','bulkId':'a','data':{'title':'A','manager':{'value':'bulkId:b'}}},{'method':'POST','path':'/Users','bulkId':'b','data':{'title':'B','manager':{'value':'bulkId:a'}}}");
        List<String> bodies = new ArrayList<>();
        for (Optional<ScimRequest> next = bulk.next(); next.isPresent(); next = bulk.next()) {
            bodies.add(next.get().method() + next.get().path() + next.get().body().object(1 << 20));
            boolean post = next.get().method().equals("POST");
            bulk.done(Answers.empty(post ? 201 : 200, post ? Map.of("Location", "http://x/scim/v2/lab/Users/n" + bodies.size()) : Map.of("ETag", "later"), Notes.NONE));
        }
        assertThat(bodies).hasSize(3).startsWith("POST/lab/Users{title=B}", "POST/lab/Users{title=A, manager={value=n1}}");
        assertThat(bodies.getLast()).startsWith("PATCH/lab/Users/n1{Operations=").contains("op=add", "value={manager={value=n2}}").doesNotContain("title");
        assertThat(answer(bulk)).contains("later").doesNotContain("40");
    }

    @Test
    void what_is_made_in_a_circle_whose_other_end_fails_says_so() {
        Bulk bulk = bulk("{'method':'POST','path':'/Users','bulkId':'a','data':{'manager':{'value':'bulkId:b'}}},{'method':'POST','path':'/Users','bulkId':'b','data':{'manager':'bulkId:a'}}");
        assertThat(run(bulk, 201, 409)).hasSize(2);
        assertThat(answer(bulk)).contains("it is made, but without", "Users/made");
        assertThat(run(bulk("{'method':'POST','path':'/Users','bulkId':'a','data':{'manager':'bulkId:b'}},{'method':'POST','path':'/Users','bulkId':'b','data':{'manager':'bulkId:a'}}"), 409)).as("whose maker failed is not tried").hasSize(1);
    }

    private static Bulk bulk(String operations) {
        byte[] body = ("{'Operations':[" + operations + "]}").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return Bulk.of(new SourceName("lab"), new ScimRequest("1", "POST", "/lab/Bulk", "", Map.of(), Body.of(body), "", "http://x/scim/v2"));
    }

    private static List<String> run(Bulk bulk, int... statuses) {
        List<String> paths = new ArrayList<>();
        for (Optional<ScimRequest> next = bulk.next(); next.isPresent(); next = bulk.next()) {
            int status = statuses[paths.size()];
            paths.add(next.get().path());
            bulk.done(status == 503 ? ScimError.unavailable("away").answer(Notes.NONE) : status == 409 ? ScimError.uniqueness("taken").answer(Notes.NONE) : Answers.empty(status, status == 201 ? Map.of("Location", "http://x/scim/v2/lab/Users/made") : Map.of(), Notes.NONE));
        }
        return paths;
    }

    private static String answer(Bulk bulk) {
        return new String(bulk.answer().body(), StandardCharsets.UTF_8);
    }
}
