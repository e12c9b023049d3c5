package io.identitybridge.source;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.ApiOperation;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.LevelResolver;
import com.atlassian.oai.validator.report.ValidationReport;
import com.atlassian.oai.validator.report.ValidationReport.Level;
import com.atlassian.oai.validator.whitelist.ValidationErrorsWhitelist;
import com.atlassian.oai.validator.whitelist.rule.WhitelistRule;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Holds a conversation against a vendor's OpenAPI, both ways: what the bridge asks (path, parameters and their kinds, credentials),
 * and what the stand-in answers (status, headers, body). {@link ContractFilter} listens in at a {@code HttpServer}; {@link #exchange} can be told by anybody.
 * What it found is in {@link #faults()}, which must be empty, and {@link #met()}, so that a test can say that it was not idle.
 */
public final class Contract {
    /** What any server or gateway may answer and most specifications leave out; such an answer's body is not looked at. */
    private static final Set<Integer> OF_ANY_SERVER = Set.of(401, 500, 502, 503, 504);

    private final OpenApiInteractionValidator validator;
    private final ReentrantReadWriteLock underWay = new ReentrantReadWriteLock();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final ConcurrentSkipListSet<String> met = new ConcurrentSkipListSet<>();

    /** The library closes every schema by itself, also each part of an allOf, of which none then fits: what a vendor adds to a record is no fault. */
    private Contract(String spec, String base, Map<String, WhitelistRule> differs) {
        ValidationErrorsWhitelist known = ValidationErrorsWhitelist.create()
            .withRule("any server", (message, operation, request, response) -> message.getKey().equals("validation.response.status.unknown")
                && OF_ANY_SERVER.contains(response.getStatus()));
        for (Map.Entry<String, WhitelistRule> rule : differs.entrySet()) {
            known = known.withRule(rule.getKey(), rule.getValue());
        }
        String text = text(spec);
        Optional<String> everywhere = keyHeader(text);
        this.validator = OpenApiInteractionValidator.createForInlineApiSpecification(text).withBasePathOverride(base).withWhitelist(known)
            .withLevelResolver(LevelResolver.create().withDefaultLevel(Level.ERROR)
                .withLevel("validation.schema.additionalProperties", Level.IGNORE).build())
            .withCustomRequestValidation((request, operation) -> credentials(request, operation, everywhere))
            .withCustomResponseValidation((response, operation) -> met(operation)).build();
    }

    /**
     * @param spec a file under {@code src/test/resources/specs}
     * @param base what stands before the specification's paths where the stand-in listens, as "" or "/v1.0"
     */
    public static Contract of(String spec, String base) {
        return new Contract(spec, base, Map.of());
    }

    /** As {@link #of(String, String)}; {@code differs} says where the real server is known to differ from its own specification: the reason, and the rule that tells such a message. */
    public static Contract of(String spec, String base, Map<String, WhitelistRule> differs) {
        return new Contract(spec, base, differs);
    }

    /** One exchange: {@code address} is path and query as on the wire, header names have any case. */
    public record Exchange(String method, String address, Map<String, List<String>> asked, byte[] sent, int status, Map<String, List<String>> answered, byte[] body) {
    }

    /** Holds one exchange against the specification. */
    public void exchange(Exchange exchange) {
        String[] address = exchange.address().split("\\?", 2);
        SimpleRequest.Builder asked = new SimpleRequest.Builder(exchange.method(), address[0]);
        exchange.asked().forEach(asked::withHeader);
        query(address.length > 1 ? address[1] : "").forEach(asked::withQueryParam);
        SimpleResponse.Builder answered = SimpleResponse.Builder.status(exchange.status());
        exchange.answered().forEach(answered::withHeader);
        ValidationReport report = validator.validate((exchange.sent().length == 0 ? asked : asked.withBody(exchange.sent())).build(),
            (exchange.body().length == 0 ? answered : answered.withBody(exchange.body())).build());
        report.getMessages().stream().filter(message -> message.getLevel() == Level.ERROR)
            .forEach(message -> faults.add(exchange.method() + " " + exchange.address() + ": " + exchange.status() + ": " + message));
    }

    /** Held by whoever listens in from the first byte of a question on: what was found is complete once nobody holds it. */
    Lock listening() {
        return underWay.readLock();
    }

    /** All that is not as the specification says, one sentence each; waits for exchanges that are under way. */
    public List<String> faults() {
        return ended(() -> List.copyOf(faults));
    }

    /** The operations that were met, as {@code GET /api/v1/users/{id}}; waits as {@link #faults()} does. */
    public Set<String> met() {
        return ended(() -> new TreeSet<>(met));
    }

    private <T> T ended(Supplier<T> found) {
        Lock nobody = underWay.writeLock();
        nobody.lock();
        try {
            return found.get();
        } finally {
            nobody.unlock();
        }
    }

    /** The library takes a question without credentials where OAuth is one way of several to give some, and knows nothing of what a specification asks of all operations at once. */
    private static ValidationReport credentials(Request request, ApiOperation operation, Optional<String> everywhere) {
        boolean own = operation.getOperation().getSecurity() != null;
        boolean open = own ? operation.getOperation().getSecurity().isEmpty() : everywhere.isEmpty();
        String header = own ? "Authorization" : everywhere.orElse("Authorization");
        return open || request.getHeaderValue(header).isPresent() ? ValidationReport.empty()
            : ValidationReport.singleton(ValidationReport.Message.create("credentials", "no " + header + ", and the operation asks for one").build());
    }

    /** The header of the key that a specification asks of all its operations. */
    private static Optional<String> keyHeader(String text) {
        try {
            JsonNode spec = new ObjectMapper().readTree(text);
            String scheme = spec.at("/security/0").fieldNames().hasNext() ? spec.at("/security/0").fieldNames().next() : "";
            JsonNode key = spec.at("/components/securitySchemes").path(scheme);
            return key.path("in").asText().equals("header") ? Optional.of(key.path("name").asText()) : Optional.empty();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ValidationReport met(ApiOperation operation) {
        met.add(operation.getMethod() + " " + operation.getApiPath().original());
        return ValidationReport.empty();
    }

    private static Map<String, List<String>> query(String raw) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : raw.isEmpty() ? new String[0] : raw.split("&")) {
            String[] named = pair.split("=", 2);
            query.computeIfAbsent(decoded(named[0]), name -> new ArrayList<>()).add(named.length > 1 ? decoded(named[1]) : "");
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String text(String spec) {
        try (InputStream in = Contract.class.getResourceAsStream("/specs/" + spec)) {
            if (in == null) {
                throw new IllegalArgumentException("no specification " + spec + " under src/test/resources/specs");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
