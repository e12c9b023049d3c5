package io.identitybridge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.model.Change;
import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Organisation.Limit;
import io.identitybridge.model.Organisation.Limits;
import io.identitybridge.model.Organisation.Mode;
import io.identitybridge.model.Organisation.Raised;
import io.identitybridge.model.OrgRole;
import io.identitybridge.model.Role;
import io.identitybridge.model.SourceName;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Over a limit that class waits for a person, and the rest goes on. */
class GuardTest {
    private static final SourceName LAB = new SourceName("lab");
    private static final UUID ADA = new UUID(0, 1);
    private final Guard guard = new Guard(new Limits(Map.of(ChangeClass.ARCHIVE, new Limit(0.05, 5), ChangeClass.RAISE, new Limit(0, 2)), 0.5));

    @Test
    void five_of_a_hundred_go_and_six_wait_while_newcomers_come() {
        assertThat(guard.judge(archivals(5), Held.of(100, 0), Mode.APPLY).classes()).isEmpty();
        Verdict verdict = guard.judge(archivals(6), Held.of(100, 0), Mode.APPLY);
        assertThat(verdict.holds(ADA, Line.of(new Change.ArchiveUser("x@acme.com")))).contains("archive: 6 of 100 in 24 hours, at most 5");
        assertThat(verdict.holds(ADA, Line.of(new Change.CreateUser("y@acme.com")))).isEmpty();
    }

    @Test
    void the_larger_of_share_and_number_counts() {
        assertThat(guard.judge(archivals(50), Held.of(1_000, 0), Mode.APPLY).classes()).isEmpty();
        assertThat(guard.judge(archivals(51), Held.of(1_000, 0), Mode.APPLY).classes()).hasSize(1);
        assertThat(guard.judge(archivals(5), Held.of(6, 0), Mode.APPLY).classes()).isEmpty();
    }

    @Test
    void a_raise_lifts_one_class_of_one_source_up_to_its_last_day_and_never_lowers() {
        LocalDate last = LocalDate.parse("2026-12-01");
        Limits limits = new Limits(Map.of(ChangeClass.ARCHIVE, new Limit(0.05, 5)), 0.5, List.of(
                new Raised(ChangeClass.ARCHIVE, Some.OKTA, new Limit(0.3, 0), "a reorganisation", last), new Raised(ChangeClass.ARCHIVE, LAB, new Limit(0, 1), "a slip", last)));
        assertThat(new Guard(limits.of(Some.OKTA, last)).judge(archivals(30), Held.of(100, 0), Mode.APPLY).classes()).isEmpty();
        assertThat(new Guard(limits.of(Some.OKTA, last)).judge(archivals(31), Held.of(100, 0), Mode.APPLY).reasons()).containsExactly("archive: 31 of 100 in 24 hours, at most 30");
        assertThat(new Guard(limits.of(Some.OKTA, last.plusDays(1))).judge(archivals(6), Held.of(100, 0), Mode.APPLY).classes()).hasSize(1);
        assertThat(new Guard(limits.of(LAB, last)).judge(archivals(5), Held.of(100, 0), Mode.APPLY).classes()).isEmpty();
        assertThat(new Guard(limits.of(LAB, last)).judge(archivals(6), Held.of(100, 0), Mode.APPLY).classes()).hasSize(1);
    }

    @Test
    void what_was_done_in_the_last_24_hours_counts() {
        Held held = new Held(() -> 96, () -> 0, Map.of(ChangeClass.ARCHIVE, 4L), Map.of(), Map.of());
        assertThat(guard.judge(archivals(1), held, Mode.APPLY).classes()).isEmpty();
        assertThat(guard.judge(archivals(2), held, Mode.APPLY).classes()).isNotEmpty();
    }

    @Test
    void memberships_lost_through_an_archive_are_not_counted_twice() {
        Totals totals = new Totals();
        totals.add(new Line(new Change.Remove("x@acme.com", "Sales"), Optional.empty(), ChangeClass.ARCHIVE));
        totals.add(Line.of(new Change.ArchiveUser("x@acme.com")));
        assertThat(totals.of(ChangeClass.REMOVE)).isZero();
        assertThat(totals.of(ChangeClass.ARCHIVE)).isOne();
    }

    @Test
    void new_administrators_count_as_raises_wherever_they_come_from() {
        Totals totals = new Totals();
        totals.add(Line.of(new Change.Add("x@acme.com", "Sales", Role.ADMIN)));
        totals.add(Line.of(new Change.Raise("y@acme.com", "Sales", Role.MEMBER, Role.ADMIN)));
        totals.add(Line.of(new Change.SetOrgRole("z@acme.com", OrgRole.MEMBER, OrgRole.ADMIN)));
        assertThat(guard.judge(totals, Held.of(100, 100), Mode.APPLY).classes()).containsKey(ChangeClass.RAISE);
    }

    @Test
    void a_workspace_that_would_lose_most_of_its_people_is_held() {
        Totals totals = new Totals();
        for (int i = 0; i < 6; i++) {
            totals.add(Line.of(new Change.Remove(i + "@acme.com", "Sales")));
        }
        Held held = new Held(() -> 100, () -> 1_000, Map.of(), Map.of("sales", 10L), Map.of());
        Verdict verdict = guard.judge(totals, held, Mode.APPLY);
        assertThat(verdict.holds(ADA, Line.of(new Change.Remove("1@acme.com", "Sales")))).contains("workspace sales: 6 of 10 leave in 24 hours, at most 50%");
        assertThat(verdict.holds(ADA, Line.of(new Change.Remove("1@acme.com", "Support")))).isEmpty();
    }

    @Test
    void what_must_wait_for_a_person_waits_within_limits_too() {
        PersonPlan plan = new PersonPlan(List.of(Line.of(new Change.Add("1@acme.com", "Sales", Role.MEMBER)), Line.of(new Change.Remove("1@acme.com", "Support"))), Map.of(), List.of()).waiting("mappings/okta.yaml was edited");
        Totals totals = new Totals();
        totals.add(plan);
        Verdict verdict = guard.judge(totals, Held.of(100, 100), Mode.APPLY);
        assertThat(plan.lines().stream().map(line -> verdict.holds(ADA, line))).containsExactly(Optional.empty(), Optional.of("mappings/okta.yaml was edited"));
    }

    @Test
    void a_proposing_source_holds_everything_and_an_observing_one_applies_nothing() {
        Verdict propose = guard.judge(archivals(1), Held.of(100, 0), Mode.PROPOSE);
        assertThat(propose.holds(ADA, Line.of(new Change.CreateUser("y@acme.com")))).isPresent();
        assertThat(guard.approve(Some.OKTA, "test", guard.judge(archivals(1), Held.of(100, 0), Mode.OBSERVE)).observesOnly()).isTrue();
    }

    private static Totals archivals(int people) {
        Totals totals = new Totals();
        for (int i = 0; i < people; i++) {
            totals.add(Line.of(new Change.ArchiveUser(i + "@acme.com")));
        }
        return totals;
    }
}
