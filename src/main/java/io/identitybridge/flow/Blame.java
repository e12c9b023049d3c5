package io.identitybridge.flow;

import io.identitybridge.model.SourceName;
import io.identitybridge.store.AccountFact;
import io.identitybridge.store.GroupFact;
import io.identitybridge.store.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which of several edited lines makes the difference for one account or group: each is tried alone upon the mapping as it was. */
final class Blame {
    private final Trigger all;
    private final String mapping;
    private final List<Edits.Place> others;
    private final List<Alone> each = new ArrayList<>();

    private record Alone(int line, MappedFacts facts) {
    }

    private Blame(Trigger all, String mapping, List<Edits.Place> others) {
        this.all = all;
        this.mapping = mapping;
        this.others = others;
    }

    /** Everything is what the trigger says. */
    static Blame none(Trigger trigger) {
        return new Blame(trigger, "", List.of());
    }

    /** @param files the edited ones, the source's mapping among them or not */
    static Blame of(Edits edits, List<String> files, SourceName source, Active active, Instant now, Trigger trigger) {
        String mapping = "mappings/" + source + ".yaml";
        Blame blame = new Blame(trigger, mapping, edits.places(source, files, active).stream().filter(place -> !place.name().equals(mapping)).toList());
        if (files.contains(source.value())) {
            edits.alone(source, active).forEach(one -> blame.each.add(new Alone(one.line(), new MappedFacts(one.files(), source, now, misread -> { }))));
        }
        return blame;
    }

    Trigger account(AccountFact before) {
        return said(each.stream().filter(alone -> !alone.facts.account(before).readsAs(before)).map(Alone::line).toList());
    }

    Trigger group(GroupFact before) {
        return said(each.stream().filter(alone -> !alone.facts.again(before, all.waits().isPresent()).readsAs(before)).map(Alone::line).toList());
    }

    /** Where none does it by itself, it is all of them together; and where the mapping before read otherwise already, an edit before it has a part. */
    private Trigger said(List<Integer> lines) {
        return lines.isEmpty() || lines.getFirst() == 0 ? all : new Trigger(all.cause(), Optional.of(Edits.why(Stream.concat(Stream.of(new Edits.Place(mapping, lines)), others.stream()).toList())));
    }
}
