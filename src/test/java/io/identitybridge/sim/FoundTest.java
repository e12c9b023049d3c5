package io.identitybridge.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.identitybridge.TestBridge;
import io.identitybridge.flow.ModelBridges;
import io.identitybridge.sim.Step.Answer;
import io.identitybridge.sim.Step.Change;
import io.identitybridge.sim.Step.Deliver;
import io.identitybridge.sim.Step.Finish;
import io.identitybridge.sim.Step.Kind;
import io.identitybridge.sim.Step.Pull;
import io.identitybridge.sim.Step.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What random worlds have found, each as the shortest story of it, over two whole bridges; and some worlds over the rules alone. */
class FoundTest {
    private static final int ALPHA = 0;
    private static final int GAMMA = 2;

    @TempDir
    static Path folder;
    static RealBridges bridges;

    @BeforeAll
    static void start() throws IOException {
        bridges = new RealBridges(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        bridges.close();
    }

    @Test
    void a_store_that_is_away_while_a_pull_fails_keeps_nobody_from_reading_that_source_again() {
        bridges.begin();
        World world = new World(bridges.now());
        world.change(new Change(Kind.HIRE, ALPHA, 0, 0, 1), bridges.now());
        Idp alpha = world.idp(ALPHA);
        assertThat(bridges.pull(0, alpha, true)).isTrue();
        bridges.crash(0, 1);
        bridges.answer(alpha, new Bridges.How(alpha.sequence(), 0));
        bridges.restart(0);
        boolean reads = bridges.pull(0, alpha, true);
        for (int tries = 0; !reads && tries < 50; tries++) { // connections that died are found out one by one
            TestBridge.pause(100);
            reads = bridges.pull(0, alpha, true);
        }
        assertThat(reads).isTrue();
    }

    @Test
    void whoever_takes_the_address_of_somebody_deleted_in_the_same_pull_is_somebody_else() {
        goesWell(hire(GAMMA), hire(GAMMA), hire(GAMMA), new Wait(600), new Pull(0, GAMMA, true), new Finish(GAMMA, 0), new Wait(600), new Change(Kind.SHARE_EMAIL, GAMMA, 0, 0, 0), new Change(Kind.DELETE, GAMMA, 0, 0, 0),
                new Pull(0, GAMMA, true), new Finish(GAMMA, 0));
    }

    @Test
    void whoever_comes_back_within_the_lag_of_his_deletion_is_not_lost_to_the_next_changes() {
        goesWell(hire(GAMMA), hire(GAMMA), hire(GAMMA), new Pull(0, GAMMA, true), new Finish(GAMMA, 0), new Wait(600), new Change(Kind.DELETE, GAMMA, 0, 0, 0), new Deliver(1, GAMMA, -1, false),
                new Change(Kind.COME_BACK, GAMMA, 0, 0, 0), new Pull(0, GAMMA, false), new Finish(GAMMA, 0));
    }

    @Test
    void whoever_only_pushes_spoke_of_is_asked_for_alone_once_most_of_the_pushed_were_pulled_too() {
        goesWell(hire(ALPHA), new Deliver(0, ALPHA, 0, false), hire(ALPHA), new Deliver(0, ALPHA, 0, false), hire(ALPHA), new Deliver(0, ALPHA, 0, false), new Wait(600), new Pull(0, ALPHA, true), new Finish(ALPHA, 0),
                hire(ALPHA), new Deliver(0, ALPHA, 0, false), new Change(Kind.DELETE, ALPHA, 3, 0, 0));
    }

    @Test
    void a_group_that_was_pushed_so_lately_that_a_whole_reading_passed_over_it_is_read_again_before_changes_are_told_of_it() {
        goesWell(new Change(Kind.NEW_GROUP, GAMMA, 2, 0, 0), hire(GAMMA), new Pull(1, GAMMA, true), new Finish(GAMMA, 0), new Change(Kind.RENAME_GROUP, GAMMA, 0, 0, 1), new Deliver(1, GAMMA, -1, false),
                new Pull(1, GAMMA, false), new Finish(GAMMA, 0), new Pull(1, GAMMA, false), new Finish(GAMMA, 0), new Change(Kind.JOIN, GAMMA, 0, 0, 1), new Deliver(1, GAMMA, -1, false));
    }

    @Test
    void a_member_whom_a_push_took_out_is_not_brought_back_by_an_older_page_after_changes_told_of_it_again() {
        goesWell(new Change(Kind.NEW_GROUP, GAMMA, 0, 0, 0), hire(GAMMA), new Change(Kind.JOIN, GAMMA, 0, 0, 1), new Wait(600), new Pull(0, GAMMA, true), new Finish(GAMMA, 0), new Wait(600),
                new Change(Kind.LEAVE, GAMMA, 0, 0, 1), new Deliver(1, GAMMA, -1, false), new Pull(0, GAMMA, false), new Finish(GAMMA, 0), new Pull(0, GAMMA, true), new Finish(GAMMA, 50));
    }

    @Test
    void whoever_a_point_read_still_shows_though_the_list_does_not_is_asked_for_again() {
        goesWell(hire(GAMMA), hire(GAMMA), hire(GAMMA), new Pull(0, GAMMA, true), new Finish(GAMMA, 0), new Wait(600), new Change(Kind.DELETE, GAMMA, 0, 0, 0), new Pull(0, GAMMA, true),
                new Answer(GAMMA, 2, 0), new Finish(GAMMA, 50));
    }

    @Test
    void a_hundred_worlds_go_well_over_the_rules_alone() {
        ModelBridges model = Worlds.model(Set.of());
        assertThat(LongStream.range(100_000, 100_100).filter(seed -> Play.of(model, Worlds.steps(seed)).isPresent()).mapToObj(seed -> "seed " + seed)).isEmpty();
    }

    private static Step hire(int source) {
        return new Change(Kind.HIRE, source, 0, 0, 1);
    }

    private static void goesWell(Step... steps) {
        List<Step> all = Arrays.asList(steps);
        assertThat(Play.of(bridges, all).map(failure -> failure.wrong() + "\n  " + String.join("\n  ", failure.story()))).isEmpty();
    }
}
