package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedPostgresTest {
    @TempDir
    Path data;

    @BeforeEach
    void programs() throws IOException {
        shareProgramsWith(data);
    }

    @AfterEach
    void programsAreShared() throws IOException {
        Files.delete(data.resolve("postgres-bin"));
    }

    @Test
    void commits_are_durable_and_only_loopback_is_served() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
            for (String name : List.of("fsync", "synchronous_commit", "full_page_writes", "data_checksums")) {
                assertThat(ask(postgres, "show " + name)).as(name).isEqualTo("on");
            }
            assertThat(ask(postgres, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(ask(postgres, "show server_encoding")).isEqualTo("UTF8");
            assertThat(ask(postgres, "select lower('ÅNGSTRÖM')")).isEqualTo("ångström");
        }
    }

    @Test
    void a_wrong_password_opens_nothing_and_the_right_one_is_the_owners_alone() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.url(), postgres.user(), "wrong")).hasMessageContaining("authentication failed");
            assertThat(Files.getPosixFilePermissions(data.resolve("postgres-password"))).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void what_was_committed_is_there_after_a_stop_and_no_process_remains() throws Exception {
        long pid;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
            pid = postgres.pid();
            change(postgres, "create table kept (n int); insert into kept values (7)");
        }
        assertThat(ofDirectory()).isEmpty();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
            assertThat(postgres.pid()).isNotEqualTo(pid);
            assertThat(ask(postgres, "select n from kept")).isEqualTo("7");
        }
    }

    @Test
    void a_killed_server_comes_back_on_the_same_port_with_what_was_committed() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
            change(postgres, "create table kept (n int); insert into kept values (7)");
            long killed = postgres.pid();
            ProcessHandle.of(killed).orElseThrow().destroyForcibly();
            assertThat(eventually(() -> postgres.pid() != killed && "7".equals(ask(postgres, "select n from kept")))).isTrue();
        }
        assertThat(ofDirectory()).isEmpty();
    }

    @Test
    @Tag("real")
    void a_second_owner_of_the_directory_is_refused_by_name() throws Exception {
        try (Child bridge = Child.start(data)) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(data)).isInstanceOf(PostgresUnavailable.class)
                    .hasMessageContaining("in use by another bridge (process " + bridge.pid() + ")").hasMessageContaining("BRIDGE_DATA");
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(data)).hasMessageContaining("process " + ProcessHandle.current().pid());
            assertThatThrownBy(() -> Child.start(data)).hasMessageContaining("in use by another bridge");
        }
    }

    @Test
    @Tag("real")
    void nothing_of_a_killed_bridge_remains() throws Exception {
        Child bridge = Child.start(data);
        assertThat(ofDirectory()).isNotEmpty();
        bridge.kill();
        assertThat(eventually(() -> ofDirectory().isEmpty())).isTrue();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
            assertThat(ask(postgres, "select n from made_by_child")).isEqualTo("1");
        }
    }

    @Test
    @Tag("real")
    void a_server_left_behind_is_stopped_before_the_next_one_starts() throws Exception {
        Child bridge = Child.start(data);
        long left = bridge.server();
        stop(watchersOf(left)); // nobody stops the server when the bridge is killed
        bridge.kill();
        assertThat(ofDirectory()).contains(left);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
            assertThat(postgres.pid()).isNotEqualTo(left);
            assertThat(ofDirectory()).doesNotContain(left);
            assertThat(ask(postgres, "select n from made_by_child")).isEqualTo("1");
        }
    }

    @Test
    @Tag("real")
    void a_pid_file_that_names_some_other_program_does_not_stop_it_nor_the_start() throws Exception {
        EmbeddedPostgres.start(data).close();
        Process other = new ProcessBuilder("sleep", "100").start();
        Files.writeString(data.resolve("postgres/postmaster.pid"), other.pid() + "\n" + data + "/postgres\n0\n5432\n\n127.0.0.1\n  0 0\nready\n");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
            assertThat(ask(postgres, "select 1")).isEqualTo("1");
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void a_directory_of_another_major_version_is_refused_with_both_versions() throws Exception {
        EmbeddedPostgres.start(data).close();
        Files.writeString(data.resolve("postgres/PG_VERSION"), "17\n");
        assertThatThrownBy(() -> EmbeddedPostgres.start(data)).hasMessageContaining("made by PostgreSQL 17")
                .hasMessageContaining("brings PostgreSQL 18").hasMessageContaining("SPRING_DATASOURCE_URL");
    }

    @Test
    void a_start_that_broke_off_in_the_middle_is_begun_anew() throws Exception {
        Files.createDirectories(data.resolve("postgres.new/base"));
        Files.writeString(data.resolve("postgres.new/PG_VERSION"), "18\n");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
            assertThat(ask(postgres, "select 1")).isEqualTo("1");
        }
    }

    /** Unpacked once for all tests; the programs themselves are not what differs. */
    static void shareProgramsWith(Path data) throws IOException {
        Path shared = Files.createDirectories(Path.of("target/test-programs").toAbsolutePath());
        Files.createSymbolicLink(data.resolve("postgres-bin"), shared);
    }

    private interface Fact {
        boolean holds() throws Exception;
    }

    private static boolean eventually(Fact fact) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < until) {
            try {
                if (fact.holds()) {
                    return true;
                }
            } catch (Exception e) {
                assertThat(e).isInstanceOfAny(SQLException.class, IOException.class); // not yet
            }
            Thread.sleep(50);
        }
        return false;
    }

    /** All processes whose command line names this test's directory, the shells around the server too. */
    private List<Long> ofDirectory() throws IOException {
        return ProcessHandle.allProcesses().filter(process -> commandLine(process).contains(data + "/postgres")).map(ProcessHandle::pid).toList();
    }

    private List<ProcessHandle> watchersOf(long server) {
        return ProcessHandle.allProcesses().filter(process -> process.pid() != server && commandLine(process).contains(data + "/postgres")
                && commandLine(process).contains("watcher=")).toList();
    }

    private static void stop(List<ProcessHandle> processes) {
        assertThat(processes).hasSize(2);
        Set.copyOf(processes).forEach(ProcessHandle::destroyForcibly);
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    private static String ask(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
                Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void change(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Another bridge: a JVM of its own that holds the directory until it is killed. */
    private record Child(Process process, long server) implements AutoCloseable {
        static Child start(Path data) throws IOException {
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx64m",
                    "-cp", System.getProperty("java.class.path"), Owner.class.getName(), data.toString()).redirectErrorStream(true).start();
            BufferedReader said = new BufferedReader(new InputStreamReader(process.getInputStream()));
            StringBuilder all = new StringBuilder();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith("server ")) {
                    return new Child(process, Long.parseLong(line.substring(7)));
                }
                all.append(line).append('\n');
            }
            throw new IOException(all.toString());
        }

        long pid() {
            return process.pid();
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        @Override
        public void close() throws InterruptedException {
            kill();
        }
    }

    static final class Owner {
        public static void main(String[] args) throws Exception {
            EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(args[0]));
            change(postgres, "create table made_by_child (n int); insert into made_by_child values (1)");
            System.out.println("server " + postgres.pid());
            Thread.sleep(Duration.ofMinutes(5));
        }
    }
}
