package io.identitybridge.source;

import io.identitybridge.files.SourceFile.Page;
import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.files.SourceFile.Size;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How one list is paged through. A position is a text that can be kept: a URL, a page token or a number.
 * The next position never comes from what was asked for, but from what the answer said or how much it held.
 */
final class Pager {
    private static final int SCIM_COUNT = 100;
    private static final Page SINGLE = new Page(new Paging.Single(), Optional.empty(), Optional.empty(), Optional.empty());

    private final String resource;
    private final Page page;
    private final URI list;
    private final String start;
    private final Addresses addresses;
    private final Faults faults;

    /** {@code cursor} is where an earlier run left off; empty begins at the list's own address. */
    Pager(String resource, Optional<Page> page, URI list, Optional<String> cursor, Addresses addresses, Faults faults) {
        this.resource = resource;
        this.page = page.orElse(SINGLE);
        this.addresses = addresses;
        this.faults = faults;
        this.list = sized(cursor.map(url -> addresses.follow(resource, list, url)).orElse(list), cursor.isPresent());
        this.start = switch (this.page.paging()) {
            case Paging.LinkHeader link -> this.list.toString();
            case Paging.NextUrl url -> this.list.toString();
            case Paging.NextToken token -> "";
            case Paging.Offset offset -> "0";
            case Paging.Number number -> number.from() + " 0";
            case Paging.ScimIndex scim -> "1";
            case Paging.Single single -> "";
        };
    }

    String start() {
        return start;
    }

    /** The address of the page at a position; one that was kept from an earlier run is checked like one that just came. */
    URI at(String position) {
        return switch (page.paging()) {
            case Paging.LinkHeader link -> addresses.follow(resource, list, position);
            case Paging.NextUrl url -> addresses.follow(resource, list, position);
            case Paging.NextToken token -> position.isEmpty() ? list : Addresses.with(list, Map.of(token.query(), position));
            case Paging.Offset offset -> Addresses.with(list, Map.of(offset.query(), position));
            case Paging.Number number -> Addresses.with(list, Map.of(number.query(), position.split(" ")[0]));
            case Paging.ScimIndex scim -> Addresses.with(list, Map.of("startIndex", position));
            case Paging.Single single -> list;
        };
    }

    /** Where the list goes on after the page at {@code position}; empty after the last. */
    Optional<String> after(String position, URI asked, Response response, Object body, int elements) {
        return switch (page.paging()) {
            case Paging.LinkHeader link -> Links.next(response.all("Link")).map(url -> addresses.follow(resource, asked, url).toString());
            case Paging.NextUrl url -> told(body, url.pointer()).map(next -> addresses.follow(resource, asked, next).toString());
            case Paging.NextToken token -> told(body, token.pointer());
            case Paging.Offset offset -> elements == 0 ? Optional.empty() : Optional.of(String.valueOf(Long.parseLong(position) + elements));
            case Paging.Number number -> afterNumber(position, body, elements);
            case Paging.ScimIndex scim -> {
                long next = Long.parseLong(position) + elements;
                yield elements == 0 || total(body).filter(total -> next > total).isPresent() ? Optional.empty() : Optional.of(String.valueOf(next));
            }
            case Paging.Single single -> Optional.empty();
        };
    }

    /** Whether the next position is counted here, so that a source that ignores it would give one page for ever. */
    boolean counts() {
        return switch (page.paging()) {
            case Paging.Offset offset -> true;
            case Paging.Number number -> true;
            case Paging.ScimIndex scim -> true;
            case Paging.LinkHeader link -> false;
            case Paging.NextUrl url -> false;
            case Paging.NextToken token -> false;
            case Paging.Single single -> false;
        };
    }

    /** Where the elements stand in a body. */
    String items() {
        return page.items().orElse(isScim() ? "/Resources" : "");
    }

    /** Whether a body without a list says of itself that it is an empty page. */
    boolean isEmpty(Object body) {
        return !page.emptyWhen().isEmpty() && page.emptyWhen().entrySet().stream().allMatch(must -> Json.text(Json.at(body, must.getKey())).equals(Optional.of(must.getValue())));
    }

    /** Where the source says how many there are. */
    Optional<String> totalAt() {
        return page.total().or(() -> isScim() ? Optional.of("/totalResults") : Optional.empty());
    }

    Optional<Long> total(Object body) {
        return totalAt().flatMap(pointer -> Json.whole(Json.at(body, pointer)));
    }

    private boolean isScim() {
        return page.paging() instanceof Paging.ScimIndex;
    }

    private Optional<String> afterNumber(String position, Object body, int elements) {
        String[] numbers = position.split(" ");
        long read = Long.parseLong(numbers[1]) + elements;
        boolean last = elements == 0 || total(body).filter(total -> read >= total).isPresent();
        return last ? Optional.empty() : Optional.of((Long.parseLong(numbers[0]) + 1) + " " + read);
    }

    private Optional<String> told(Object body, String pointer) {
        Object next = Json.at(body, pointer);
        if (next instanceof Map || next instanceof Iterable) {
            throw faults.of(resource + ": what stands at " + pointer + " is no next page; look at the source file's page");
        }
        return Json.text(next);
    }

    /** With the page size; a cursor's address has all it needs. */
    private URI sized(URI url, boolean opaque) {
        Map<String, String> query = new LinkedHashMap<>();
        if (!opaque) {
            Optional<Size> size = page.size().or(() -> isScim() ? Optional.of(new Size("count", SCIM_COUNT)) : Optional.empty());
            size.ifPresent(s -> query.put(s.query(), String.valueOf(s.value())));
        }
        return Addresses.with(url, query);
    }
}
