package io.identitybridge.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.model.Response;
import com.atlassian.oai.validator.whitelist.rule.WhitelistRule;
import com.sun.net.httpserver.Filter;
import io.identitybridge.source.Contract;
import io.identitybridge.source.ContractFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Holds every call of the Admin API that a test's code makes, and every answer that the stand-in gives, against Portkey's specification, and fails the test that broke it:
 * <pre>{@code
 * @RegisterExtension
 * final PortkeyContract contract = PortkeyContract.ofPortkey();      // static final: one stand-in for all tests of the class
 *
 * contract.portkey().adminUrl() ... contract.portkey().byHand().accept("ada@acme.com") ... contract.met()
 * }</pre>
 * SCIM's endpoint has no published specification, so that it is not looked at. A test that asks something wrong on purpose starts a {@link StandInPortkey} of its own.
 */
public final class PortkeyContract implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private static final Map<String, WhitelistRule> DIFFERS = Map.of(
            "one member's role reads ws-member (its Terraform provider)", (message, operation, request, response) -> operation != null && operation.getApiPath().original().endsWith("/users/{userId}")
                    && message.getMessage().contains("/role") && body(response).contains("\"role\":\"ws-"),
            "times as in the specification's own examples", (message, operation, request, response) -> message.getKey().contains("format.date-time"));

    private final Contract contract;
    private final StandInPortkey portkey;
    private boolean ofClass;

    private PortkeyContract(String base, int port) {
        this.contract = Contract.of("portkey-admin-openapi-overlay.json", base, DIFFERS);
        try {
            this.portkey = new StandInPortkey(port, base, filter(base));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With {@code /v1} before the paths, as Portkey has it. */
    public static PortkeyContract ofPortkey() {
        return new PortkeyContract("/v1", 0);
    }

    /** With another base, as a self-hosted control plane may have it ("" is none), and at a port (0 takes a free one). */
    public static PortkeyContract under(String base, int port) {
        return new PortkeyContract(base, port);
    }

    public StandInPortkey portkey() {
        return portkey;
    }

    /** The operations that were met, as {@code GET /admin/users}. */
    public Set<String> met() {
        return contract.met();
    }

    private Filter filter(String base) {
        return new ContractFilter(contract, path -> path.startsWith(base + "/admin/") || path.startsWith(base + "/scim/") || path.startsWith(base + "/api-keys") || path.equals(base + "/audit-logs"));
    }

    private static String body(Response response) {
        return Optional.ofNullable(response).flatMap(Response::getResponseBody).map(body -> {
            try {
                return body.toString(StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }).orElse("");
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ofClass = true;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            assertThat(contract.faults()).as("what is not as Portkey's specification says").isEmpty();
        } finally {
            if (!ofClass) {
                portkey.close();
            }
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        portkey.close();
    }
}
