package io.identitybridge.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The three styles of paging, all zero-based: {@code pageSize} and {@code currentPage}, {@code page_size} and {@code current_page}, {@code page_size} and {@code page}.
 * A parameter of another style is not heard, as it is at Portkey: whoever uses it is given the first page for ever.
 */
enum AdminPage {
    CAMEL("pageSize", "currentPage"), SNAKE("page_size", "current_page"), PAGE("page_size", "page");

    static final int MOST = 100;

    private final String size;
    private final String number;

    AdminPage(String size, String number) {
        this.size = size;
        this.number = number;
    }

    /** The rows of the page that is asked for, each as it is shown. */
    <T> List<Map<String, Object>> of(Call call, List<T> all, int usual, Function<T, Map<String, Object>> shown) {
        int most = size(call, usual);
        long from = (long) number(call) * most;
        return all.stream().skip(from).limit(most).map(shown).toList();
    }

    int size(Call call, int usual) {
        int asked = call.number(size, usual);
        if (asked < 1) {
            throw Refusal.invalid("\"" + size + "\" must be at least 1");
        }
        return Math.min(asked, MOST);
    }

    int number(Call call) {
        int asked = call.number(number, 0);
        if (asked < 0) {
            throw Refusal.invalid("\"" + number + "\" must be at least 0");
        }
        return asked;
    }

    /** {@code {object, total, data}}. */
    static Answer list(int total, List<Map<String, Object>> data) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("object", "list");
        body.put("total", total);
        body.put("data", data);
        return Answer.ok(body);
    }
}
