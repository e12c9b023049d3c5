package io.identitybridge.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.identitybridge.files.SourceFile.RecordedPage;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers with the pages recorded in a test, in their order; asked for the first address again, from the first on. Past them comes {@code beyond}, if the paging ends by that. */
final class RecordedFetch implements Fetch {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final List<RecordedPage> pages;
    private final Optional<Object> beyond;
    private Optional<URI> first = Optional.empty();
    private int asked;
    private int most;

    RecordedFetch(List<RecordedPage> pages, Optional<Object> beyond) {
        this.pages = pages;
        this.beyond = beyond;
    }

    @Override
    public Response send(Request request) throws NotRecorded {
        if (first.isEmpty()) {
            first = Optional.of(request.url());
        } else if (first.get().equals(request.url()) && asked > 0 && pages.get(Math.min(asked, pages.size()) - 1).status() < 300) {
            asked = 0;
        }
        int now = asked++;
        most = Math.max(most, asked);
        if (now < pages.size()) {
            return response(pages.get(now));
        }
        return response(new RecordedPage(200, Map.of(), beyond.orElseThrow(() -> new NotRecorded(now + 1, pages.size()))));
    }

    /** How many of the recorded pages nobody asked for. */
    int unasked() {
        return Math.max(0, pages.size() - most);
    }

    private static Response response(RecordedPage page) {
        Map<String, List<String>> headers = new HashMap<>();
        page.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        try {
            return new Response(page.status(), headers, MAPPER.writeValueAsBytes(page.body()));
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("a recorded body that came from YAML is no JSON", broken);
        }
    }

    /** A page was asked for that the test does not hold. */
    static final class NotRecorded extends RuntimeException {
        NotRecorded(int page, int recorded) {
            super("page " + page + " is asked for, but " + recorded + (recorded == 1 ? " is" : " are") + " recorded", null, false, false);
        }
    }
}
