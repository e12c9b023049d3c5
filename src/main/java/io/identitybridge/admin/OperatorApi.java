package io.identitybridge.admin;

import io.identitybridge.model.OperatorRole;
import io.identitybridge.store.AdminReads;
import io.identitybridge.store.BadQuery;
import io.identitybridge.store.Operators;
import io.identitybridge.store.Page;
import io.identitybridge.store.Query;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/** Named operators: anybody may see them, only the holder of the admin token makes and revokes them. */
@RestController
@RequestMapping("/api/operators")
class OperatorApi {
    private static final int LONGEST_LIFE = 3650;
    private final AdminReads reads;
    private final Operators operators;

    OperatorApi(AdminReads reads, Operators operators) {
        this.reads = reads;
        this.operators = operators;
    }

    /** @param days after how many days it ends; never where it is not said */
    record Wanted(Optional<String> name, Optional<List<String>> roles, Optional<Integer> days) {
    }

    @GetMapping
    Page list(@RequestParam Map<String, String> parameters) {
        return reads.operators(Query.of(parameters));
    }

    /** The only answer that ever holds the token. */
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, Object> create(@RequestBody Wanted wanted) {
        String name = wanted.name().orElseThrow(() -> new BadQuery("say 'name'"));
        List<OperatorRole> roles = wanted.roles().orElse(List.of()).stream()
                .map(word -> OperatorRole.of(word).orElseThrow(() -> new BadQuery("a role is viewer, operator or approver"))).distinct().toList();
        if (wanted.days().filter(days -> days < 1 || days > LONGEST_LIFE).isPresent()) {
            throw new BadQuery("days are 1 to " + LONGEST_LIFE);
        }
        String token = operators.create(name, roles, wanted.days().map(Duration::ofDays), Operator.actor());
        return Map.of("token", token, "name", name, "roles", roles);
    }

    @DeleteMapping("/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@PathVariable String name) {
        if (!operators.revoke(name, Operator.actor())) {
            throw Known.nothing("no operator with a living token is called '" + name + "'");
        }
    }
}
