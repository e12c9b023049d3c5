package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Page;
import io.identitybridge.files.SourceFile.Resource;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Groups in groups: each group of a page is asked for its children, and those for theirs. */
final class Children {
    private final Resource resource;
    private final String path;
    private final Records records;
    private final Pages pages;
    private final Addresses addresses;
    private final Optional<Page> paging;
    private final Limits limits;
    private final Faults faults;
    private final BiConsumer<String, List<String>> told;

    Children(Resource resource, String path, Records records, Pages pages, Addresses addresses,
             Optional<Page> paging, Limits limits, Faults faults, BiConsumer<String, List<String>> told) {
        this.resource = resource;
        this.path = path;
        this.records = records;
        this.pages = pages;
        this.addresses = addresses;
        this.paging = paging;
        this.limits = limits;
        this.faults = faults;
        this.told = told;
    }

    /** All groups below these, level by level, each once: a group that is its own ancestor ends nothing and is not asked twice. */
    List<Item> below(List<Item> groups) {
        SeenIds asked = new SeenIds();
        groups.forEach(group -> asked.add(group.id()));
        List<Item> found = new ArrayList<>();
        List<Item> level = groups.stream().filter(group -> !group.removed()).toList();
        for (int depth = 1; !level.isEmpty(); depth++) {
            if (depth > limits.depth()) {
                throw faults.of(resource.name() + ": groups lie in groups more than " + limits.depth() + " deep");
            }
            List<Item> next = new ArrayList<>();
            Parallel.each(level, limits.parallel(), this::of,
                (parent, children) -> {
                    told.accept(parent.id(), children.stream().map(Item::id).toList());
                    children.stream().filter(child -> asked.add(child.id())).forEach(next::add);
                },
                () -> faults.of(resource.name() + ": stopped while their children were read"));
            found.addAll(next);
            level = next;
        }
        return found;
    }

    private List<Item> of(Item parent) {
        String label = resource.name() + " in group " + Faults.shown(parent.id());
        URI list = addresses.of(path, Map.of("id", parent.id()), resource.query());
        Pager pager = new Pager(resource.name(), paging, list, Optional.empty(), addresses, faults);
        List<Item> children = new ArrayList<>();
        try {
            pages.read(label, pager, pager.start(), 1, page -> {
                children.addAll(records.of(label, page.number(), page.elements()));
                if (children.size() > limits.held()) {
                    throw faults.of(label + ": more than " + limits.held() + " groups");
                }
            });
        } catch (BadStatus bad) {
            if (bad.status() != 404) {
                throw bad;
            }
            // The group went away since its list was read. Its members are asked for next, and that is where it counts as vanished.
            return List.of();
        }
        return children;
    }
}
