package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Page;
import io.identitybridge.files.SourceFile.Resource;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the members of one group by calls of their own. */
final class MemberLists {
    private static final Set<Integer> GONE = Set.of(404, 410);

    private final Resource resource;
    private final Optional<Page> paging;
    private final Addresses addresses;
    private final Pages pages;
    private final Limits limits;
    private final Faults faults;

    MemberLists(Resource resource, Optional<Page> paging, Addresses addresses, Pages pages, Limits limits, Faults faults) {
        this.resource = resource;
        this.paging = paging;
        this.addresses = addresses;
        this.pages = pages;
        this.limits = limits;
        this.faults = faults;
    }

    /** What asking for a group's members gave. */
    sealed interface Found {
        record All(List<String> people, List<String> groups, Instant askedAt) implements Found {
        }

        /** The group went away since the list of groups was read. */
        record Vanished() implements Found {
        }
    }

    Found of(String groupId) {
        String label = resource.name() + " of group " + Faults.shown(groupId);
        try {
            try {
                return read(label, groupId);
            } catch (Mismatch first) {
                return read(label, groupId);
            }
        } catch (Mismatch again) {
            throw again.fault();
        } catch (BadStatus bad) {
            if (GONE.contains(bad.status())) {
                return new Found.Vanished();
            }
            throw bad;
        }
    }

    private Found read(String label, String groupId) {
        URI list = addresses.of(resource.path(), Map.of("id", groupId), resource.query());
        Pager pager = new Pager(resource.name(), paging, list, Optional.empty(), addresses, faults);
        Members members = new Members(resource, faults);
        Set<String> people = new LinkedHashSet<>();
        Set<String> groups = new LinkedHashSet<>();
        Set<Object> elements = new HashSet<>();
        List<Long> said = new ArrayList<>();
        List<Instant> asked = new ArrayList<>();
        pages.read(label, pager, pager.start(), 1, page -> {
            asked.add(page.askedAt());
            people.addAll(members.people(label, page.elements()));
            groups.addAll(members.groups(label, page.elements()));
            elements.addAll(page.elements());
            page.total().ifPresent(said::add); // past the end some sources leave it out, so the last one told counts
            if (people.size() > limits.held()) {
                throw faults.of(label + ": more than " + limits.held() + " members");
            }
        });
        if (!said.isEmpty()) {
            equal(label, elements.size(), said.getLast());
        }
        resource.count().ifPresent(count -> equal(label, elements.size(), pages.count(label + ": count", addresses.of(count.path(), Map.of("id", groupId), Map.of()), count.at())));
        return new Found.All(List.copyOf(people), List.copyOf(groups), asked.getFirst());
    }

    private void equal(String label, long read, long said) {
        if (read != said) {
            throw new Mismatch(faults.of(label + ": " + read + " read, the source says " + said));
        }
    }
}
