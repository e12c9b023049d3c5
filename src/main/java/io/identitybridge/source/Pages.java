package io.identitybridge.source;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/** Reads one list page by page, from any position to its end. One page that does not come ends it: there are no lists with holes. */
final class Pages {
    private final Calls calls;
    private final Limits limits;
    private final Faults faults;

    Pages(Calls calls, Limits limits, Faults faults) {
        this.calls = calls;
        this.limits = limits;
        this.faults = faults;
    }

    /**
     * One page, its elements as they came.
     *
     * @param next empty: the last one
     */
    record RawPage(int number, Optional<String> next, List<?> elements, Object body, Optional<Long> total, Instant askedAt) {
    }

    /**
     * Gives each page from {@code position} on to {@code taker}.
     *
     * @param label  as messages name the list: {@code users}, {@code members of group 00g1}
     * @param number of the page at {@code position}
     */
    void read(String label, Pager pager, String position, int number, Consumer<RawPage> taker) {
        SeenIds positions = new SeenIds();
        positions.add(position);
        List<?> before = List.of();
        long elements = 0;
        RawPage page = fetch(label, pager, position, number);
        while (true) {
            elements += page.elements().size();
            refuseTooMuch(label, page, elements);
            refuseStandstill(label, pager, page, before);
            page.next().filter(next -> !positions.add(next)).ifPresent(again -> {
                throw faults.of(label + ": the list leads back to a page that was read already; the source's answer is broken");
            });
            if (page.next().isEmpty()) {
                taker.accept(page);
                return;
            }
            before = page.elements();
            page = whileTaken(label, page, taker, pager);
        }
    }

    /** Asks for the next page while this one is taken: the source and the store work at the same time, and two pages are held at most. */
    private RawPage whileTaken(String label, RawPage page, Consumer<RawPage> taker, Pager pager) {
        FutureTask<RawPage> next = new FutureTask<>(() -> fetch(label, pager, page.next().orElseThrow(), page.number() + 1));
        Thread.ofVirtual().name("source " + label).start(next);
        try {
            taker.accept(page);
            return next.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw faults.of(label + ": stopped before page " + (page.number() + 1) + " came");
        } finally {
            next.cancel(true);
        }
    }

    /** One body that is no list: a count, a point read. */
    Object body(String what, URI url) {
        return parse(what, success(what, url, calls.get(what, url)).response());
    }

    private RawPage fetch(String label, Pager pager, String position, int number) {
        String what = label + ": page " + number;
        URI url = pager.at(position);
        Answer answer = success(what, url, calls.get(what, url));
        Object body = parse(what, answer.response());
        List<?> elements = elements(what, pager, body);
        Optional<String> next = pager.after(position, url, answer.response(), body, elements.size());
        return new RawPage(number, next, elements, body, pager.total(body), answer.askedAt());
    }

    private Answer success(String what, URI url, Answer answer) {
        if (!answer.response().ok()) {
            throw new BadStatus(answer, faults.status(what, url, answer));
        }
        return answer;
    }

    private Object parse(String what, Response response) {
        try {
            return Json.parse(response.body());
        } catch (IOException noJson) {
            throw faults.of(what + ": the answer is no JSON: " + noJson.getMessage() + "; does url lead to the API, and not to a sign-in page?");
        }
    }

    /** A missing list is an empty one only where a total stands beside it (SCIM servers leave it out past the end) or the source file says how such a page looks. */
    private List<?> elements(String what, Pager pager, Object body) {
        Object found = Json.at(body, pager.items());
        if (found instanceof List<?> list) {
            return list;
        }
        if (found == null && body instanceof Map && (pager.total(body).isPresent() || pager.isEmpty(body))) {
            return List.of();
        }
        String place = pager.items().isEmpty() ? "the answer is no list" : "there is no list at " + pager.items();
        throw faults.of(what + ": " + place + "; look at items in the source file");
    }

    private void refuseTooMuch(String label, RawPage page, long elements) {
        if (page.number() > limits.pages() || elements > limits.items()) {
            throw faults.of(label + ": more than " + (page.number() > limits.pages() ? limits.pages() + " pages" : limits.items() + " records")
                + "; the list seems to have no end");
        }
    }

    private void refuseStandstill(String label, Pager pager, RawPage page, List<?> before) {
        if (pager.counts() && !page.elements().isEmpty() && page.elements().equals(before)) {
            throw faults.of(label + ": page " + page.number() + " is the page before once more; look at the names under page in the source file");
        }
    }
}
