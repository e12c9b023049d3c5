package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Resource;
import io.identitybridge.model.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes items of a page's elements. A record without an id would be a person lost in silence, so it ends the reading. */
final class Records {
    static final String USUAL_ID = "/id";

    private final Resource resource;
    private final Faults faults;

    Records(Resource resource, Faults faults) {
        this.resource = resource;
        this.faults = faults;
    }

    /** All items of a page in its order, ids repeated as they came. */
    List<Item> of(String label, int page, List<?> elements) {
        List<Item> items = new ArrayList<>(elements.size());
        for (Object element : elements) {
            items.add(item(label + ": page " + page + ": record " + (items.size() + 1), element));
        }
        return items;
    }

    /** Each id once: the last record of a whole list, the partial ones of a delta merged; in order of first appearance. */
    List<Item> unique(List<Item> items) {
        Map<String, Item> last = new LinkedHashMap<>();
        items.forEach(item -> last.merge(item.id(), item, resource.cursor().isPresent() ? Records::merged : (earlier, later) -> later));
        return List.copyOf(last.values());
    }

    @SuppressWarnings("unchecked")
    private Item item(String what, Object element) {
        if (!(element instanceof Map<?, ?> record)) {
            throw faults.of(what + " is no object; look at items in the source file");
        }
        String id = Json.text(Json.at(record, resource.id().orElse(USUAL_ID)))
            .orElseThrow(() -> faults.of(what + " has no id at " + resource.id().orElse(USUAL_ID) + "; look at id in the source file"));
        if (!Text.fits(id)) {
            throw faults.of(what + " has an id of " + id.length() + " characters; at most " + Text.LONGEST + " bytes are kept");
        }
        boolean removed = resource.removed().map(pointer -> marks(Json.at(record, pointer))).orElse(false);
        return new Item(id, removed, (Map<String, Object>) record);
    }

    private static boolean marks(Object value) {
        return value != null && !Boolean.FALSE.equals(value);
    }

    /** What a deleted object said before no longer holds when it comes again, and the other way round. */
    private static Item merged(Item earlier, Item later) {
        if (earlier.removed() != later.removed()) {
            return later;
        }
        Map<String, Object> both = new LinkedHashMap<>(earlier.record());
        both.putAll(later.record());
        return new Item(later.id(), later.removed(), both);
    }

    /** The cursor in a last page; a delta that ends without one could not go on. */
    Optional<String> cursor(String label, Object body) {
        return resource.cursor().map(pointer -> Json.text(Json.at(body, pointer)).orElseThrow(() ->
            faults.of(label + ": the last page has neither a next page nor a cursor at " + pointer + "; look at cursor in the source file")));
    }
}
