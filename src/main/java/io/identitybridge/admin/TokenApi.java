package io.identitybridge.admin;

import io.identitybridge.model.OperatorRole;
import io.identitybridge.store.AdminReads;
import io.identitybridge.store.BadQuery;
import io.identitybridge.store.Page;
import io.identitybridge.store.Query;
import io.identitybridge.store.TokenDesk;
import io.identitybridge.store.TokenKind;
import io.identitybridge.store.Tokens;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The bearer tokens and client secrets that a source's IdP pushes with. */
@RestController
@RequestMapping("/api/sources/{source}/tokens")
class TokenApi {
    private static final int LONGEST_LABEL = 100;
    private static final int LONGEST_LIFE = 3650;

    private final AdminReads reads;
    private final TokenDesk desk;
    private final Known known;

    TokenApi(AdminReads reads, TokenDesk desk, Known known) {
        this.reads = reads;
        this.desk = desk;
        this.known = known;
    }

    /**
     * @param label what it is for; empty where it is not said
     * @param kind  bearer, or client-secret for the token endpoint; bearer where it is not said
     * @param days  after how many days it ends; never where it is not said
     */
    record Wanted(Optional<String> kind, Optional<String> label, Optional<Integer> days) {
    }

    @GetMapping
    Page list(@PathVariable String source, @RequestParam Map<String, String> parameters) {
        return reads.tokens(known.source(source).value(), Query.of(parameters));
    }

    /** The only answer that ever holds the value. */
    @Needs(OperatorRole.OPERATOR)
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, Object> create(@PathVariable String source, @RequestBody(required = false) Wanted wanted) {
        Wanted said = wanted == null ? new Wanted(Optional.empty(), Optional.empty(), Optional.empty()) : wanted;
        String label = said.label().orElse("").strip();
        if (label.length() > LONGEST_LABEL || said.days().filter(days -> days < 1 || days > LONGEST_LIFE).isPresent()) {
            throw new BadQuery("a label has at most " + LONGEST_LABEL + " characters, and days are 1 to " + LONGEST_LIFE);
        }
        TokenKind kind = TokenKind.made(said.kind().orElse(TokenKind.BEARER.word())).orElseThrow(() -> new BadQuery("a kind is bearer or client-secret"));
        Tokens.Made made = desk.create(kind, known.source(source), label, said.days().map(Duration::ofDays), Operator.actor());
        return Map.of("token", made.secret(), "id", made.id(), "source", source, "kind", kind.word(), "label", label);
    }

    @Needs(OperatorRole.OPERATOR)
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@PathVariable String source, @PathVariable UUID id) {
        if (!desk.revoke(known.source(source), id, Operator.actor())) {
            throw Known.nothing("source '" + source + "' has no live token " + id);
        }
    }
}
