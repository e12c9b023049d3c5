package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.TestBridge;
import io.identitybridge.TestBridge.Answer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A push whose deeds follow at once marks nobody who is somebody; what others do to the same people at that moment is neither lost nor undone by it. */
class PushMeetsOthersTest {
    @AutoClose
    static final TestBridge bridge = TestBridge.of("lab");
    private final String name = TestBridge.unique();

    @Test
    void an_account_that_becomes_somebody_elses_meanwhile_is_converged_with_him() throws Exception {
        String account = user("one");
        String before = person(account);
        String after = person(user("other"));
        assertThat(joins(account, List.of("select 1 from person where id = '" + before + "' for update", "update link set person_id = '" + after + "' where account_id = '" + account + "'"), List.of())).isEqualTo(204);
        assertThat(workspaces(after)).containsExactly(name);
        assertThat(workspaces(before)).isEmpty();
    }

    @Test
    void a_mark_that_comes_meanwhile_stays_for_who_made_it() throws Exception {
        String account = user("one");
        assertThat(joins(account, List.of("select 1 from person where id = '" + person(account) + "' for update"), List.of("insert into due (account_id, source, cause) values ('" + account + "', 'lab', 'a test')"))).isEqualTo(204);
        assertThat(workspaces(person(account))).containsExactly(name);
        assertThat(marks(account)).containsExactly("a test");
    }

    @Test
    void a_mark_that_is_there_goes_with_the_deeds() throws Exception {
        String account = user("one");
        bridge.sql.update("insert into due (account_id, source, cause) values (?::uuid, 'lab', 'a test')", account);
        assertThat(joins(account, List.of("select 1 from due where account_id = '" + account + "' for update"), List.of())).isEqualTo(204);
        assertThat(workspaces(person(account))).containsExactly(name);
        assertThat(marks(account)).isEmpty();
    }

    /** Who is nobody yet is marked, so that a second push of him waits: he becomes one person. */
    @Test
    void two_pushes_of_somebody_who_was_nobody_make_one_person_of_him() throws Exception {
        String account = user("one");
        String person = person(account);
        bridge.sql.update("delete from link where account_id = ?::uuid", account);
        bridge.sql.update("insert into due (account_id, source, cause) values (?::uuid, 'lab', 'a test')", account);
        assertThat(joins(account, List.of("select 1 from due where account_id = '" + account + "' for update"), List.of("insert into link (account_id, person_id, source, linked_by) values ('" + account + "', '" + person + "', 'lab', 'a test')",
                "delete from due where account_id = '" + account + "'"))).isEqualTo(204);
        assertThat(workspaces(person)).containsExactly(name);
        assertThat(bridge.count("select count(*) from person where email = ?", "one." + name + "@acme.com")).isOne();
    }

    /** What the push of a new member is answered, when others have done the first before it comes and the second while it waits for them. */
    private int joins(String account, List<String> first, List<String> second) throws Exception {
        Answer group = bridge.scim("lab", "POST", "/Groups", "{\"displayName\":\"ws-" + name + "-role-member\"}");
        String path = "/Groups/" + id(group);
        try (Connection other = bridge.sql.getDataSource().getConnection(); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            other.setAutoCommit(false);
            run(other, first);
            Future<Answer> answer = threads.submit(() -> bridge.scim("lab", "PATCH", path, "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + account + "\"}]}]}"));
            bridge.waitForLock(answer);
            run(other, second);
            other.commit();
            other.setAutoCommit(true);
            return answer.get().status();
        }
    }

    private static void run(Connection connection, List<String> statements) throws SQLException {
        for (String text : statements) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(text);
            }
        }
    }

    private String user(String who) {
        return id(bridge.scim("lab", "POST", "/Users", TestBridge.user("ext-" + who + "." + name, who + "." + name + "@acme.com", true)));
    }

    private static String id(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.body().get("id").asText();
    }

    private static String person(String account) {
        return bridge.sql.queryForObject("select person_id::text from link where account_id = ?::uuid", String.class, account);
    }

    private static List<String> workspaces(String person) {
        return bridge.sql.queryForList("select w.name from membership m join workspace w on w.id = m.workspace_id where m.person_id = ?::uuid order by 1", String.class, person);
    }

    private static List<String> marks(String account) {
        return bridge.sql.queryForList("select cause from due where account_id = ?::uuid", String.class, account);
    }
}
