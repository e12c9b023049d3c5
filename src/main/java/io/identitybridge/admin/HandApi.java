package io.identitybridge.admin;

import io.identitybridge.model.OperatorRole;
import io.identitybridge.model.PeopleControls;
import io.identitybridge.store.BadQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** An operator's word on one person, each with its reason for the audit. */
@RestController
@RequestMapping("/api")
class HandApi {
    private static final int LONGEST = 500;
    private final PeopleControls controls;
    private final Known known;

    HandApi(PeopleControls controls, Known known) {
        this.controls = controls;
        this.known = known;
    }

    /** @param person e-mail, user name or id */
    record OnPerson(Optional<String> person, Optional<String> reason) {
    }

    /**
     * @param account the IdP's id, ours, or the user name
     * @param person  whose it is; only to link
     * @param id      the IdP's new id of it; only to re-anchor
     */
    record OnAccount(Optional<String> source, Optional<String> account, Optional<String> person, Optional<String> id, Optional<String> reason) {
    }

    record Reason(Optional<String> reason) {
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/revoke")
    Map<String, List<String>> revoke(@RequestBody OnPerson on) {
        return Map.of("done", controls.revoke(said("person", on.person()), reason(on.reason()), Operator.actor()));
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/lift")
    Map<String, List<String>> lift(@RequestBody OnPerson on) {
        return Map.of("done", controls.lift(said("person", on.person()), reason(on.reason()), Operator.actor()));
    }

    @Needs(OperatorRole.APPROVER)
    @PostMapping("/forget")
    Map<String, List<String>> forget(@RequestBody OnPerson on) {
        return Map.of("done", controls.forget(said("person", on.person()), reason(on.reason()), Operator.actor()));
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/link")
    Map<String, List<String>> link(@RequestBody OnAccount on) {
        return Map.of("done", controls.link(known.source(said("source", on.source())), said("account", on.account()), said("person", on.person()), reason(on.reason()), Operator.actor()));
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/unlink")
    Map<String, List<String>> unlink(@RequestBody OnAccount on) {
        return Map.of("done", controls.unlink(known.source(said("source", on.source())), said("account", on.account()), reason(on.reason()), Operator.actor()));
    }

    @Needs(OperatorRole.OPERATOR)
    @PostMapping("/re-anchor")
    Map<String, List<String>> anchor(@RequestBody OnAccount on) {
        return Map.of("done", controls.anchor(known.source(said("source", on.source())), said("account", on.account()), said("id", on.id()), reason(on.reason()), Operator.actor()));
    }

    @Needs(OperatorRole.APPROVER)
    @PostMapping("/plans/{plan}/undo")
    Map<String, List<String>> undo(@PathVariable long plan, @RequestBody Reason said) {
        return Map.of("lines", controls.undo(plan, reason(said.reason()), Operator.actor()));
    }

    private static String reason(Optional<String> reason) {
        return said("reason", reason);
    }

    /** The words, in one line. */
    static String said(String field, Optional<String> value) {
        return value.map(String::strip).filter(text -> !text.isEmpty() && text.length() <= LONGEST && text.chars().noneMatch(Character::isISOControl))
                .orElseThrow(() -> new BadQuery("say '" + field + "' in one line of at most " + LONGEST + " characters"));
    }
}
