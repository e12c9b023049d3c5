package io.identitybridge.store;

import java.util.List;
import java.util.Optional;

/** A {@link Sort} as SQL: the value ordered by, the order, and what lies behind a place in it. Columns are compared as they are, so that their indexes serve. */
final class SortSql {
    /** Of a text without a column of its own, so many characters decide: as the names' own bound does, it keeps a place short enough for an address. */
    private static final int DECIDES = 200;

    private final ScimTable table;
    private final Sort sort;
    private final String value;

    SortSql(ScimTable table, Sort sort) {
        this.table = table;
        this.sort = sort;
        this.value = switch (sort.by()) {
            case Sort.Nothing nothing -> "null::text";
            case Sort.Time time -> time.name().equals("created") ? "t.created_at" : table.changed();
            case Sort.Truth truth -> table.columns.getOrDefault(String.join(".", truth.path()), "(" + document(truth.path(), "#>>") + ")::boolean");
            case Sort.Text text -> text(text);
            case Sort.Element element -> element(element);
        };
    }

    /** The value, as the column {@code place} of the select list. */
    String shown() {
        return ", " + value + "::text as place";
    }

    /** The value as it is ordered by, as the column {@code sorted}, to be put beside that of another table whose type it takes on where it has none. */
    String sorted(SortSql other) {
        return ", " + (sort.by() instanceof Sort.Nothing ? "null::" + other.type() : value) + " as sorted";
    }

    /** @param backwards the other way round */
    String order(boolean backwards) {
        return order(value, "t.id", backwards);
    }

    /** The order of rows of two tables, by the columns {@code sorted} and {@code id}. */
    String orderOfBoth() {
        return order("sorted", "id", false);
    }

    private String order(String by, String id, boolean backwards) {
        String way = sort.descending() != backwards ? " desc" : " asc"; // where nothing is: last, and first in descending order, as RFC 7644 has it
        return " order by " + by + way + ", " + id + way;
    }

    /** What comes after a place in the order, or before it; its values go to {@code arguments}. */
    String behind(Sort.Place place, List<Object> arguments) {
        boolean down = sort.descending() != place.backwards();
        String sign = down ? " < " : " > ";
        if (place.value().isEmpty()) {
            arguments.add(place.id());
            String same = "(" + value + " is null and t.id" + sign + "?)";
            return " and " + (down ? "(" + same + " or " + value + " is not null)" : same);
        }
        arguments.add(place.value().get());
        arguments.add(place.id());
        String past = "(" + value + ", t.id)" + sign + "(?::" + type() + ", ?)";
        return " and " + (down || everywhere() ? past : "(" + past + " or " + value + " is null)");
    }

    /** Whether each resource in a list has it: then the index alone finds what is behind. */
    private boolean everywhere() {
        return sort.by() instanceof Sort.Time || sort.by() instanceof Sort.Text(List<String> path, boolean exact) && table.nameColumn().equals(table.columns.get(String.join(".", path)));
    }

    private String type() {
        return switch (sort.by()) {
            case Sort.Time time -> "timestamptz";
            case Sort.Truth truth -> "boolean";
            case Sort.Text text -> "text";
            case Sort.Element element -> "text";
            case Sort.Nothing nothing -> "text";
        };
    }

    private String text(Sort.Text text) {
        String column = table.columns.get(String.join(".", text.path()));
        if (column == null) {
            return deciding(document(text.path(), "#>>"), text.exact());
        }
        return column.equals("t.id") ? "t.id::text" : folded(column, text.exact());
    }

    private String element(Sort.Element element) {
        Optional<String> rows = MatchSql.rows(table, element.list());
        if (rows.isPresent()) {
            return "(select " + deciding("e ->> " + literal(element.part()), element.exact()) + " from " + rows.get() + " s order by e ->> 'value' limit 1)";
        }
        String part = "case when jsonb_typeof(e) = 'object' then e ->> " + literal(element.part()) + " else e #>> '{}' end"; // an element may be a bare text
        return "(select " + deciding(part, element.exact()) + " from (select " + document(element.list(), "#>") + " as l) v,"
                + " jsonb_array_elements(case when jsonb_typeof(v.l) = 'array' then v.l when v.l is null then '[]'::jsonb else jsonb_build_array(v.l) end) with ordinality x (e, n)"
                + " order by jsonb_typeof(e) = 'object' and coalesce(e -> 'primary' = 'true'::jsonb, false) desc, n limit 1)";
    }

    private String document(List<String> path, String operator) {
        return "(" + table.document + " " + operator + " array[" + String.join(", ", path.stream().map(SortSql::literal).toList()) + "])";
    }

    /** A name from the schema files; nothing of a request comes here. */
    private static String literal(String name) {
        return "'" + name.replace("'", "''") + "'";
    }

    private static String deciding(String text, boolean exact) {
        return "left(" + folded(text, exact) + ", " + DECIDES + ")";
    }

    private static String folded(String text, boolean exact) {
        return exact ? text : "lower(" + text + ")";
    }
}
