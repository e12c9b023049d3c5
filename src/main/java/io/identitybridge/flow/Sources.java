package io.identitybridge.flow;

import io.identitybridge.files.SourceFile;
import io.identitybridge.model.FileFault;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Situation;
import io.identitybridge.model.SourceName;
import io.identitybridge.source.Settings;
import io.identitybridge.store.Runs;
import io.identitybridge.store.TargetState;
import io.identitybridge.store.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Tells what of this bridge is on, what is off, and which setting it lacks. */
@Component
class Sources implements Situation {
    private final ActiveFiles files;
    private final Editing editing;
    private final SourceSettings settings;
    private final Runs runs;
    private final Tokens tokens;
    private final CamelContext camel;
    private final PortkeySettings portkey;
    private final TargetState state;
    private final boolean lab;
    private final boolean ownDatabase;

    Sources(ActiveFiles files, Editing editing, SourceSettings settings, Runs runs, Tokens tokens, @Lazy CamelContext camel, PortkeySettings portkey, TargetState state, @Value("${bridge.lab:false}") boolean lab, @Value("${spring.datasource.url:}") String url) {
        this.files = files;
        this.editing = editing;
        this.settings = settings;
        this.runs = runs;
        this.tokens = tokens;
        this.camel = camel;
        this.portkey = portkey;
        this.state = state;
        this.lab = lab;
        this.ownDatabase = url.isBlank();
    }

    @Override
    public SortedSet<SourceName> sources() {
        SortedSet<SourceName> names = new TreeSet<>(files.current().files().mappings().keySet());
        names.addAll(files.current().files().sources().keySet());
        names.addAll(runs.sources());
        return names;
    }

    @Override
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        files.current().files().sources().values().forEach(file -> parts.add(pull(file)));
        Map<SourceName, Optional<Instant>> living = tokens.living();
        files.current().files().mappings().keySet().stream().sorted().forEach(source -> parts.add(push(source, living)));
        Organisation organisation = files.current().organisation();
        parts.add(target(organisation));
        parts.add(new Part("lab", "lab", lab, lab ? "a stand-in IdP with people of nobody's" : "start with --lab to try the bridge without a tenant", List.of()));
        parts.add(new Part("database", "postgresql", true, ownDatabase ? "its own, under the data directory" : "yours (SPRING_DATASOURCE_URL)", List.of()));
        return parts;
    }

    private Part target(Organisation organisation) {
        List<String> missing = portkey.missing(organisation.target());
        if (organisation.target() == Organisation.Target.STORE) {
            return new Part("target", organisation.name(), true, "the membership store itself", List.of());
        }
        if (!missing.isEmpty()) {
            return new Part("target", organisation.name(), false, "off: nothing is read or written", missing);
        }
        String where = portkey.door(organisation.target()).map(PortkeySettings.Door::toString).orElse("");
        String how = state.known().map(now -> now.stopped().isPresent() ? "STOPPED: it does not let the bridge in" : now.applies() ? "written to" : "only observed; 'bridge target apply' when you are ready").orElse("not met yet");
        return new Part("target", organisation.name(), true, where + ", " + how, List.of());
    }

    private Part pull(SourceFile file) {
        String name = file.name().value();
        if (settings.of(file) instanceof Settings.Resolved.Lacking lacking) {
            boolean before = runs.pulledBefore(file.name());
            return new Part("pull", name, false, before ? "DOWN: it has pulled before and lost a setting" : "off", lacking.names());
        }
        if (runs.paused(file.name())) {
            return new Part("pull", name, false, "paused", List.of());
        }
        return new Part("pull", name, true, clock(file.name()), List.of());
    }

    private static Part push(SourceName source, Map<SourceName, Optional<Instant>> living) {
        if (!living.containsKey(source)) {
            return new Part("push", source.value(), false, "no token: target/bridge token create " + source, List.of());
        }
        return new Part("push", source.value(), true, living.get(source).map(at -> "last came " + at.truncatedTo(ChronoUnit.SECONDS)).orElse("nothing came yet"), List.of());
    }

    private String clock(SourceName name) {
        return camel.getRoutes().stream().filter(route -> Clocks.pulls(route, name)).flatMap(route -> Clocks.cron(route).stream()).findFirst()
                .map(cron -> "by the clock: " + cron).orElse("when asked");
    }

    @Override
    public Map<SourceName, Duration> intervals() {
        Instant now = runs.now();
        Map<SourceName, Duration> intervals = new TreeMap<>();
        files.current().files().sources().keySet().forEach(source -> Clocks.whole(camel, source, now).ifPresent(interval -> intervals.put(source, interval)));
        return intervals;
    }

    @Override
    public List<FileFault> faults() {
        return Stream.concat(files.faults().stream(), editing.refused().stream()).distinct().toList();
    }

    @Override
    public Set<String> waiting() {
        return editing.waiting();
    }
}
