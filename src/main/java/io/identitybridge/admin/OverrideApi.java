package io.identitybridge.admin;

import io.identitybridge.model.MailAddress;
import io.identitybridge.model.OperatorRole;
import io.identitybridge.model.OverrideControls;
import io.identitybridge.model.OverrideControls.Field;
import io.identitybridge.store.BadQuery;
import io.identitybridge.store.Overrides;
import io.identitybridge.store.Page;
import io.identitybridge.store.Query;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Single fields of single accounts under an operator's word, for a time and with a reason. */
@RestController
@RequestMapping("/api/dead-letters/overrides")
class OverrideApi {
    private static final int LONGEST = 500;

    private final OverrideControls controls;
    private final Overrides overrides;
    private final Known known;

    OverrideApi(OverrideControls controls, Overrides overrides, Known known) {
        this.controls = controls;
        this.overrides = overrides;
        this.known = known;
    }

    /**
     * @param account the IdP's id, ours, or the user name
     * @param field   userName, email, displayName or roles
     * @param until   a moment or a length of time from now, as 2027-01-31 or 30d
     */
    record Asked(Optional<String> source, Optional<String> account, Optional<String> field, Optional<String> value, Optional<String> reason, Optional<String> until) {
    }

    record Ended(Optional<String> reason) {
    }

    @GetMapping
    Page list(@RequestParam Map<String, String> parameters) {
        return overrides.list(Query.of(parameters));
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping
    Map<String, List<String>> override(@RequestBody Asked asked) {
        Field field = Field.of(said("field", asked.field())).orElseThrow(() -> new BadQuery("field is one of " + List.of(Field.values())));
        String value = said("value", asked.value());
        Optional<String> fault = field == Field.EMAIL ? MailAddress.fault(value) : Optional.empty();
        if (fault.isPresent()) {
            throw new BadQuery("'value' is no e-mail address: " + fault.get());
        }
        return Map.of("done", controls.override(known.source(said("source", asked.source())), said("account", asked.account()), field, value, said("reason", asked.reason()),
                Moments.later(said("until", asked.until())), Operator.actor()));
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/{id}/end")
    Map<String, List<String>> end(@PathVariable long id, @RequestBody Ended ended) {
        return Map.of("done", controls.endOverride(id, said("reason", ended.reason()), Operator.actor()));
    }

    private static String said(String field, Optional<String> value) {
        return value.map(String::strip).filter(text -> !text.isEmpty() && text.length() <= LONGEST && text.chars().noneMatch(Character::isISOControl))
                .orElseThrow(() -> new BadQuery("say '" + field + "' in one line of at most " + LONGEST + " characters"));
    }
}
