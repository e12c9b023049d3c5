package io.identitybridge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.BridgeFiles;
import io.identitybridge.BridgeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseWaitTest {
    @TempDir
    Path folder;

    @Test
    void a_database_that_never_answers_is_named_without_its_password() throws IOException {
        String url = "jdbc:postgresql://127.0.0.1:" + freePort() + "/bridge?password=hidden";
        assertThatThrownBy(() -> DatabaseWait.await(url, "bridge", "hidden", Duration.ofSeconds(1))).isInstanceOf(DatabaseUnavailable.class)
                .hasMessageContaining("127.0.0.1:").hasMessageContaining("/bridge has not answered for 1 s").hasMessageNotContaining("hidden");
    }

    @Test
    void a_wrong_password_or_database_is_told_at_once() {
        List<String> address = TestDatabase.freshAddress();
        Duration longest = Duration.ofMinutes(5);
        assertThatThrownBy(() -> DatabaseWait.await(address.get(0), address.get(1), "wrong", longest)).isInstanceOf(DatabaseUnavailable.class).hasMessageContaining("says no");
        assertThatThrownBy(() -> DatabaseWait.await(address.get(0).replace("?", "_none?"), address.get(1), address.get(2), longest)).isInstanceOf(DatabaseUnavailable.class).hasMessageContaining("says no");
        assertThatThrownBy(() -> DatabaseWait.await("jdbc:mysql://db/bridge", "", "", longest)).isInstanceOf(DatabaseUnavailable.class).hasMessageContaining("no address of a PostgreSQL");
    }

    @Test
    void one_that_starts_beside_the_bridge_is_waited_for() throws Exception {
        List<String> address = TestDatabase.freshAddress();
        URI real = URI.create(address.get(0).substring("jdbc:".length()));
        int port = freePort();
        Thread later = Thread.ofVirtual().start(() -> forward(port, real.getPort()));
        DatabaseWait.await("jdbc:postgresql://127.0.0.1:" + port + real.getPath(), address.get(1), address.get(2), Duration.ofSeconds(30));
        later.interrupt();
    }

    @Test
    void a_bridge_that_waits_ends_when_it_is_told_to() throws IOException {
        String url = "jdbc:postgresql://127.0.0.1:" + freePort() + "/bridge";
        BridgeProcess bridge = BridgeProcess.start(BridgeFiles.of(folder), folder.resolve("data"), folder.resolve("log"), Map.of("SPRING_DATASOURCE_URL", url));
        bridge.says("waiting for the database at 127.0.0.1:");
        long begin = System.nanoTime();
        bridge.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        assertThat(bridge.log()).doesNotContain("\tat ");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Opens the port after a second, for one connection. */
    private static void forward(int port, int to) {
        try {
            Thread.sleep(1_000);
            try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress()); Socket in = server.accept(); Socket out = new Socket("127.0.0.1", to)) {
                Thread back = Thread.ofVirtual().start(() -> copy(out, in));
                copy(in, out);
                back.join();
            }
        } catch (IOException | InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // the other side has ended
        }
    }
}
