package io.identitybridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.identitybridge.BridgeFiles;
import io.identitybridge.TestBridge;
import jakarta.jms.Connection;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines that the shipped errors.camel.yaml has as examples work as they stand: a signed webhook, mail, and a broker, all at once. */
class DeadLettersOutTest {
    private static final String SECRET = "a-webhook-secret-of-the-test";
    @TempDir
    static Path folder;
    static Hook hook;
    static GreenMail mail;
    static EmbeddedActiveMQ broker;
    static String brokerUrl;
    static TestBridge bridge;

    @BeforeAll
    static void start() throws Exception {
        hook = new Hook();
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.setUser("bridge@corp.example", "bridge", "mail-password");
        mail.start();
        startBroker();
        BridgeFiles files = BridgeFiles.of(folder, "lab");
        Path errors = files.routes.resolve("errors.camel.yaml");
        String active = Pattern.compile("(?m)^( {8})# (- (?:bean|to|toD): )").matcher(Files.readString(errors)).replaceAll("$1$2");
        Files.writeString(errors, active.replace("https://hooks.corp.example/identity-bridge", hook.url()).replace("mail.corp.example:25", "127.0.0.1:" + mail.getSmtp().getPort()));
        bridge = TestBridge.start(files, folder, "bridge.raise.every=50", "BRIDGE_WEBHOOK_SECRET=" + SECRET, "BRIDGE_SMTP_USER=bridge", "BRIDGE_SMTP_PASSWORD=mail-password",
                "BRIDGE_BROKER_URL=" + brokerUrl, "BRIDGE_BROKER_USER=bridge", "BRIDGE_BROKER_PASSWORD=broker-password");
    }

    private static void startBroker() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        SecurityConfiguration users = new SecurityConfiguration();
        users.addUser("bridge", "broker-password");
        users.addRole("bridge", "all");
        ConfigurationImpl configuration = new ConfigurationImpl();
        configuration.setPersistenceEnabled(false).setJournalDirectory(folder.resolve("journal").toString()).putSecurityRoles("#", java.util.Set.of(new Role("all", true, true, true, true, true, true, true, true, true, true, true, true)))
                .addAcceptorConfiguration("amqp", "tcp://127.0.0.1:" + port + "?protocols=AMQP");
        broker = new EmbeddedActiveMQ().setConfiguration(configuration).setSecurityManager(new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users));
        broker.start();
        brokerUrl = "amqp://127.0.0.1:" + port;
    }

    @AfterAll
    static void stop() throws Exception {
        bridge.close();
        broker.stop();
        mail.stop();
        hook.close();
    }

    @Test
    void the_shipped_lines_reach_a_webhook_that_knows_the_signature_a_mailbox_and_a_queue() throws Exception {
        bridge.scim("lab", "POST", "/Users", TestBridge.user("eve-1", "eve.secret@elsewhere.example", true));
        Hook.Call call = hook.calls(1).getFirst();
        assertThat(call.headers()).containsEntry("content-type", "application/json");
        assertThat(signed(call)).isTrue();

        assertThat(mail.waitForIncomingEmail(60_000, 1)).isTrue();
        MimeMessage message = mail.getReceivedMessages()[0];
        long letter = bridge.count("select id from dead_letter");
        assertThat(message.getSubject()).isEqualTo("Dead letter " + letter + " of lab");
        assertThat(message.getAllRecipients()[0]).hasToString("iam@corp.example");
        assertThat(new ObjectMapper().readTree(message.getInputStream())).isEqualTo(call.json());

        Message queued = received();
        assertThat(new ObjectMapper().readTree(queued.getBody(String.class))).isEqualTo(call.json());
        assertThat(queued.getLongProperty("DeadLetterId")).isEqualTo(letter);
        assertThat(queued.getStringProperty("DeadLetterSource")).isEqualTo("lab");
        assertThat(call.headers() + call.body()).doesNotContain("eve");
        assertThat(List.of(call.body(), message.getSubject())).noneMatch(text -> text.contains("@"));
        assertThat(bridge.count("select count(*) from letter_raise where sent_at is not null and tried = 1")).isOne();
    }

    @Test
    void the_page_shows_the_same_lines() throws Exception {
        String page = Files.readString(Path.of("src/docs/dead-letters-out.md"));
        List<String> lines = Pattern.compile("(?m)^ {8}# (- (?:bean|to|toD): .*?)(?: +# .*)?$").matcher(Files.readString(Path.of("routes/errors.camel.yaml"))).results().map(line -> line.group(1)).toList();
        assertThat(lines).hasSize(4).allMatch(line -> page.contains("        " + line + "\n"));
    }

    private static Message received() throws Exception {
        try (Connection connection = new JmsConnectionFactory("bridge", "broker-password", brokerUrl).createConnection()) {
            connection.start();
            Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            return session.createConsumer(session.createQueue("dead-letters")).receive(60_000);
        }
    }

    /** As a receiver would, from the words of src/docs/dead-letters-out.md. */
    private static boolean signed(Hook.Call call) throws Exception {
        Matcher signature = Pattern.compile("t=(\\d+),v1=([0-9a-f]{64})").matcher(call.headers().get("x-bridge-signature"));
        if (!signature.matches()) {
            return false;
        }
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] expected = mac.doFinal((signature.group(1) + "." + call.body()).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(expected).equals(signature.group(2)) && Math.abs(System.currentTimeMillis() / 1000 - Long.parseLong(signature.group(1))) < 600;
    }
}
