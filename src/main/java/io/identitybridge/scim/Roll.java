package io.identitybridge.scim;

import io.identitybridge.store.Match;
import io.identitybridge.store.ScimReads.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A list of references, of a group to its members or of a user to his groups, while the operations of one PATCH change it: each sees what those before it
 * made of it (RFC 7644, 3.5.2). What picks by id alone is worked out without a look at the list, so that its length costs nothing.
 */
final class Roll {
    /** Elements that filters may look at in one PATCH; each costs about a microsecond. */
    static final long MOST_LOOKS = 3_000_000;
    private final Book book;
    private final Attribute list;
    private final List<Step> steps = new ArrayList<>();

    Roll(Book book, Attribute list) {
        this.book = book;
        this.list = list;
    }

    /**
     * What is known of who may stand in the list.
     *
     * @param present  who stands in it before the first operation; asked once, and only where a filter picks by something else than ids
     * @param known    whom these references mean, as far as that is known already; by reference
     * @param certain  whether a reference is an id that means nobody else, so that it need not be looked up
     * @param rendered an element as filters see it
     */
    record Book(Supplier<List<Member>> present, Function<Collection<String>, Map<String, Member>> known, Predicate<String> certain, Function<Member, Map<String, Object>> rendered) {
        /** Where no operation can speak of the list. */
        static final Book NONE = new Book(List::of, references -> Map.of(), reference -> true, member -> Map.of());
    }

    /** What all operations come to: some in and some out, or exactly these. */
    record Outcome(List<String> add, List<String> remove, Optional<List<String>> exactly) {
    }

    /** @param references in {@code REMOVE} without a filter: empty for everybody */
    private record Step(Operation.Op op, Optional<Filter> where, Optional<List<String>> references) {
    }

    /** Notes an operation; one on the elements that a filter picks takes those out and, where it replaces, puts the references in. */
    void take(Operation.Op op, Optional<Filter> where, Optional<List<String>> references) {
        steps.add(new Step(op, where, references));
    }

    boolean isUntouched() {
        return steps.isEmpty();
    }

    Outcome outcome() {
        return new Play().outcome();
    }

    /** By id, or by several: {@code value eq "a" or value eq "b"}. Empty where it asks for anything else. */
    private static Optional<List<String>> ids(Filter where) {
        List<String> ids = new ArrayList<>();
        for (Filter part : where instanceof Filter.Or or ? or.of() : List.of(where)) {
            Optional<String> id = id(part);
            if (id.isEmpty()) {
                return Optional.empty();
            }
            ids.add(id.get());
        }
        return Optional.of(ids);
    }

    private static Optional<String> id(Filter filter) {
        return filter instanceof Filter.Compare(AttributePath path, Match.Op op, Object value) && op == Match.Op.EQ && path.name().equalsIgnoreCase("value") && value instanceof String text
                ? Optional.of(MemberChanges.id(text)) : Optional.empty();
    }

    /** The operations one after the other. */
    private final class Play {
        private final Set<String> add = new LinkedHashSet<>();
        private final Set<String> remove = new LinkedHashSet<>();
        private Optional<Set<String>> exactly = Optional.empty();
        private final Set<String> before = new LinkedHashSet<>();
        private final Map<String, Member> meant = new HashMap<>();
        private final Map<String, Member> there = new HashMap<>();
        private final Map<String, Map<String, Object>> rendered = new HashMap<>();
        private long looked;

        Outcome outcome() {
            boolean looks = steps.stream().anyMatch(step -> step.where().filter(filter -> ids(filter).isEmpty()).isPresent());
            Set<String> references = steps.stream().flatMap(step -> Stream.concat(step.references().stream(), step.where().flatMap(Roll::ids).stream()).flatMap(List::stream))
                    .filter(reference -> looks || !book.certain().test(reference)).collect(Collectors.toCollection(LinkedHashSet::new));
            if (!references.isEmpty()) {
                meant.putAll(book.known().apply(references));
                meant.values().forEach(member -> there.put(member.id(), member));
            }
            if (looks) {
                book.present().get().forEach(member -> {
                    before.add(member.id());
                    there.put(member.id(), member);
                });
            }
            steps.forEach(this::play);
            return new Outcome(List.copyOf(add), List.copyOf(remove), exactly.map(List::copyOf));
        }

        private void play(Step step) {
            List<String> references = step.references().orElse(List.of());
            Optional<List<String>> picked = step.where().map(this::picked);
            switch (step.op()) {
                case ADD -> in(references);
                case REMOVE -> out(picked.or(step::references));
                case REPLACE -> {
                    out(picked);
                    in(references);
                }
            }
        }

        /** Whom a reference means, as the list has him. */
        private String meant(String reference) {
            return meant.containsKey(reference) ? meant.get(reference).id() : reference;
        }

        private void in(List<String> references) {
            List<String> ids = references.stream().map(this::meant).toList();
            exactly.ifPresentOrElse(all -> all.addAll(ids), () -> {
                add.addAll(ids);
                ids.forEach(remove::remove);
            });
        }

        /** Empty: everybody. Whoever goes is not waited for by the reference either. */
        private void out(Optional<List<String>> references) {
            if (references.isEmpty()) {
                exactly = Optional.of(new LinkedHashSet<>());
                add.clear();
                remove.clear();
                return;
            }
            List<String> ids = references.get().stream().flatMap(reference -> Stream.of(reference, meant(reference))).distinct().toList();
            exactly.ifPresentOrElse(all -> ids.forEach(all::remove), () -> {
                remove.addAll(ids);
                ids.forEach(add::remove);
            });
        }

        private List<String> picked(Filter where) {
            return ids(where).orElseGet(() -> {
                List<String> candidates = candidates(where);
                looked += candidates.size();
                if (looked > MOST_LOOKS) {
                    throw ScimError.tooMany("the filters of one PATCH look at more than " + MOST_LOOKS + " elements of '" + list.name() + "'; pick by value, which looks at none, or ask for less at once");
                }
                return candidates.stream().filter(id -> Elements.picks(where, rendered.computeIfAbsent(id, this::rendered), list)).toList();
            });
        }

        /** Who stands in the list now; where one id is asked for beside other things, only he. */
        private List<String> candidates(Filter where) {
            Optional<String> one = where instanceof Filter.And and ? and.of().stream().flatMap(part -> id(part).stream()).findFirst() : Optional.empty();
            if (one.isPresent()) {
                return one.filter(this::stands).stream().toList();
            }
            return exactly.map(List::copyOf).orElseGet(() -> Stream.concat(before.stream().filter(id -> !remove.contains(id)), add.stream()).distinct().toList());
        }

        private boolean stands(String id) {
            return exactly.map(all -> all.contains(id)).orElseGet(() -> add.contains(id) || before.contains(id) && !remove.contains(id));
        }

        private Map<String, Object> rendered(String id) {
            return book.rendered().apply(there.getOrDefault(id, new Member(id, Optional.empty(), false)));
        }
    }
}
