package io.identitybridge.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;

/** One list of the admin API: what it shows, how it is filtered, searched and ordered; read page by page by keyset. */
final class Listing {
    private final String name;
    private final String from;
    private final Map<String, String> shown = new LinkedHashMap<>();
    private final Map<String, Filter> filters = new LinkedHashMap<>();
    private final List<String> searched = new ArrayList<>();
    private final List<Key> keys = new ArrayList<>();
    private boolean newestFirst;

    private record Filter(String condition, UnaryOperator<String> form) {
    }

    private record Key(String column, String type) {
    }

    private record Where(List<String> conditions, List<Object> arguments) {
        String text() {
            return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        }
    }

    private Listing(String name, String from) {
        this.name = name;
        this.from = from;
    }

    /** @param from tables and joins; its {@code ?} are filled by the arguments of {@link #read} */
    static Listing of(String name, String from) {
        return new Listing(name, from);
    }

    Listing shows(String field, String expression) {
        shown.put(field, expression);
        return this;
    }

    /** Shown, and a filter by exact value. */
    Listing field(String field, String expression) {
        return shows(field, expression).filter(field, expression + " = ?", UnaryOperator.identity());
    }

    /** Likewise, of these words only: a misspelt one would find nothing, and that would read as good news. */
    Listing field(String field, String expression, List<String> words) {
        return shows(field, expression).filter(field, expression + " = ?", word -> among(field, word, words));
    }

    static String among(String field, String word, List<String> words) {
        if (!words.contains(word)) {
            throw new BadQuery("no " + field + " is called '" + word + "'; there are " + String.join(", ", words));
        }
        return word;
    }

    Listing filter(String field, String condition, UnaryOperator<String> form) {
        filters.put(field, new Filter(condition, form));
        return this;
    }

    Listing searches(String... expressions) {
        searched.addAll(List.of(expressions));
        return this;
    }

    Listing by(String column, String type) {
        keys.add(new Key(column, type));
        return this;
    }

    Listing newestFirst() {
        newestFirst = true;
        return this;
    }

    Page read(JdbcTemplate jdbc, Query query, Object... fixed) {
        Where where = where(query, fixed);
        try {
            Long total = jdbc.queryForObject("select count(*) from " + from + where.text(), Long.class, where.arguments().toArray());
            return page(jdbc, query, where, total == null ? 0 : total);
        } catch (DataIntegrityViolationException e) {
            throw new BadQuery("a filter or cursor has a value of the wrong kind: " + e.getMostSpecificCause().getMessage().lines().findFirst().orElse(""));
        }
    }

    private Page page(JdbcTemplate jdbc, Query query, Where where, long total) {
        query.cursor().map(text -> Cursor.of(text, name, keys.size())).ifPresent(cursor -> after(cursor, where));
        String sql = "select " + columns() + " from " + from + where.text() + " order by " + order() + " limit " + (query.limit() + 1);
        List<Map<String, Object>> rows = jdbc.query(sql, Rows::shown, where.arguments().toArray());
        boolean more = rows.size() > query.limit();
        List<Map<String, Object>> items = new ArrayList<>(more ? rows.subList(0, query.limit()) : rows);
        Optional<String> next = more ? Optional.of(cursor(items.getLast())) : Optional.empty();
        items.forEach(this::withoutKeys);
        return new Page(items, total, next);
    }

    private Where where(Query query, Object... fixed) {
        Where where = new Where(new ArrayList<>(), new ArrayList<>(List.of(fixed)));
        query.filters().forEach((field, value) -> {
            Filter filter = Optional.ofNullable(filters.get(field)).orElseThrow(() -> unknown(field));
            where.conditions().add(filter.condition());
            where.arguments().add(filter.form().apply(value));
        });
        query.q().ifPresent(words -> search(words, where));
        return where;
    }

    private void search(String words, Where where) {
        if (searched.isEmpty()) {
            throw unknown("q");
        }
        String pattern = "%" + words.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
        where.conditions().add("(" + String.join(" or ", searched.stream().map(expression -> expression + " ilike ?").toList()) + ")");
        searched.forEach(expression -> where.arguments().add(pattern));
    }

    private BadQuery unknown(String field) {
        List<String> known = new ArrayList<>(filters.keySet());
        known.addAll(searched.isEmpty() ? List.of("limit", "cursor") : List.of("q", "limit", "cursor"));
        return new BadQuery("unknown parameter '" + field + "'; this list takes " + String.join(", ", known));
    }

    private void after(Cursor cursor, Where where) {
        String columns = String.join(", ", keys.stream().map(Key::column).toList());
        String values = String.join(", ", keys.stream().map(key -> "?::" + key.type()).toList());
        where.conditions().add("(" + columns + ") " + (newestFirst ? "<" : ">") + " (" + values + ")");
        where.arguments().addAll(cursor.keys());
    }

    private String columns() {
        List<String> columns = new ArrayList<>();
        shown.forEach((field, expression) -> columns.add(expression + " as \"" + field + "\""));
        for (int i = 0; i < keys.size(); i++) {
            columns.add(keys.get(i).column() + "::text as \"" + key(i) + "\"");
        }
        return String.join(", ", columns);
    }

    private String order() {
        return String.join(", ", keys.stream().map(key -> key.column() + (newestFirst ? " desc" : "")).toList());
    }

    private String cursor(Map<String, Object> row) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            values.add(String.valueOf(row.get(key(i))));
        }
        return new Cursor(name, values).text();
    }

    private void withoutKeys(Map<String, Object> row) {
        for (int i = 0; i < keys.size(); i++) {
            row.remove(key(i));
        }
    }

    private static String key(int number) {
        return "key " + number;
    }
}
