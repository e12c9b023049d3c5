package io.identitybridge.store;

import io.identitybridge.model.SourceName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A {@link Match} as a condition in SQL, every value bound. Columns are compared as they are, so that their indexes serve. */
final class MatchSql {
    private static final String MEMBERS = "(select jsonb_build_object('value', m.account_id, 'display', x.display_name, 'type', 'User') as e from group_member m join account x on x.id = m.account_id"
            + " where m.group_id = t.id and m.removed_at is null and x.gone_at is null union all select jsonb_build_object('value', p.ref) from pending_member p where p.group_id = t.id and p.pushed)";

    private static final String GROUPS = "(select jsonb_build_object('value', g.id, 'display', g.display_name, 'type', 'direct') as e from group_member m join directory_group g on g.id = m.group_id"
            + " where m.account_id = t.id and m.removed_at is null and g.gone_at is null)";

    /** In bytes: a longer address may not be in the index (V12), whose own bound is for its lower case. */
    private static final int INDEXED = 300;

    private final ScimTable table;
    private final SourceName source;
    private final List<Object> arguments = new ArrayList<>();

    MatchSql(ScimTable table, SourceName source) {
        this.table = table;
        this.source = source;
    }

    /** The values that the conditions made so far bind, in order. */
    List<Object> arguments() {
        return arguments;
    }

    String of(Match match) {
        return of(match, table.document, true);
    }

    private String of(Match match, String document, boolean top) {
        return switch (match) {
            case Match.Nothing nothing -> "false";
            case Match.All all when all.of().isEmpty() -> "true";
            case Match.All all -> joined(all.of(), " and ", document, top);
            case Match.Any any -> joined(any.of(), " or ", document, top);
            case Match.Not not -> "not coalesce(" + of(not.of(), document, top) + ", false)";
            case Match.Text text -> top && text.path().equals(List.of("id")) ? id(text) : compared(text(text.path(), document, top), text.op(), text.value(), text.exact());
            case Match.Truth truth -> top && table.columns.containsKey(truth.path().getFirst()) ? table.columns.get(truth.path().getFirst()) + " = " + bind(truth.value())
                    : text(truth.path(), document, top) + " = " + bind(String.valueOf(truth.value()));
            case Match.Time time -> column(time.path()) + sign(time.op()) + bind(time.value()) + "::timestamptz";
            case Match.Present present -> present(present.path(), document, top);
            case Match.Element element -> element(element, document);
        };
    }

    private String joined(Collection<Match> all, String word, String document, boolean top) {
        List<String> parts = new ArrayList<>();
        all.forEach(match -> parts.add(of(match, document, top)));
        return "(" + String.join(word, parts) + ")";
    }

    private String text(List<String> path, String document, boolean top) {
        if (top && path.size() == 1 && table.columns.containsKey(path.getFirst())) {
            return table.columns.get(path.getFirst());
        }
        if (!top && path.equals(List.of("value"))) { // an element may be a bare text
            return "(case when jsonb_typeof(e) = 'object' then e ->> 'value' else e #>> '{}' end)";
        }
        return "(" + document + " #>> " + bind(path) + "::text[])";
    }

    private String id(Match.Text text) {
        if (text.op() != Match.Op.EQ) {
            return compared("t.id::text", text.op(), text.value(), text.exact());
        }
        return Ids.of(text.value()).isPresent() ? "t.id = " + bind(text.value()) + "::uuid" : "false";
    }

    private String compared(String left, Match.Op op, String value, boolean exact) {
        String x = exact ? left : "lower(" + left + ")";
        String v = exact ? "?::text" : "lower(?::text)";
        arguments.add(value);
        return switch (op) {
            case EQ -> x + " = " + v;
            case NE -> x + " <> " + v;
            case CO -> "strpos(" + x + ", " + v + ") > 0";
            case SW -> "starts_with(" + x + ", " + v + ")";
            case EW -> {
                arguments.add(value);
                yield "right(" + x + ", length(" + v + ")) = " + v;
            }
            case GT, GE, LT, LE -> x + sign(op) + v + " collate \"C\"";
        };
    }

    private String present(List<String> path, String document, boolean top) {
        if (top && path.size() == 1 && table.columns.containsKey(path.getFirst())) {
            return table.columns.get(path.getFirst()) + " is not null";
        }
        if (!top && path.equals(List.of("value"))) {
            return text(path, document, top) + " is not null";
        }
        Optional<String> rows = rows(table, path);
        return rows.isPresent() ? "exists " + rows.get() : "(" + document + " #> " + bind(path) + "::text[]) is not null";
    }

    private String element(Match.Element element, String document) {
        Optional<String> rows = rows(table, element.path());
        if (rows.isPresent()) {
            return element.inside() instanceof Match.Text(List<String> path, Match.Op op, String value, boolean exact) && op == Match.Op.EQ && path.equals(List.of("value"))
                    ? table == ScimTable.GROUPS ? member(value) : group(value) : "exists (select 1 from " + rows.get() + " s where " + of(element.inside(), "e", false) + ")";
        }
        String found = address(element).map(value -> addressed(value) + " and ").orElse("");
        String list = "(" + document + " #> " + bind(element.path()) + "::text[])";
        String inside = of(element.inside(), "e", false);
        return found + "exists (select 1 from (select " + list + " as l) v, jsonb_array_elements(case when jsonb_typeof(v.l) = 'array' then v.l when v.l is null then '[]'::jsonb else jsonb_build_array(v.l) end) e where " + inside + ")";
    }

    /** The address that elements of this list must have, whatever else is asked of them. */
    private Optional<String> address(Match.Element element) {
        if (table != ScimTable.USERS || !element.path().equals(List.of("emails"))) {
            return Optional.empty();
        }
        List<Match> parts = element.inside() instanceof Match.All all ? all.of() : List.of(element.inside());
        return parts.stream().flatMap(part -> part instanceof Match.Text(List<String> path, Match.Op op, String value, boolean exact) && op == Match.Op.EQ && path.equals(List.of("value")) ? Stream.of(value) : Stream.empty())
                .filter(value -> value.getBytes(StandardCharsets.UTF_8).length <= INDEXED).findFirst();
    }

    /** Who may have it, found first and by index: pushed people by their resource, others by what was pulled. */
    private String addressed(String value) {
        return "t.id = any(array(select a.id from account a where a.addresses @> array[lower(" + bind(value) + "::text)] union all select a.id from account a where a.source = " + bind(source.value())
                + " and a.pushed is null and lower(a.email) = lower(" + bind(value) + "::text)))";
    }

    /** The groups of one member, found first and by index. */
    private String member(String value) {
        String known = Ids.of(value).isPresent()
                ? "select m.group_id from group_member m join account x on x.id = m.account_id where m.removed_at is null and x.gone_at is null and m.account_id = " + bind(value) + "::uuid union all " : "";
        return "t.id = any(array(" + known + "select p.group_id from pending_member p where p.pushed and p.ref = " + bind(value) + "))";
    }

    private String group(String value) {
        return Ids.of(value).isEmpty() ? "false" : "exists (select 1 from group_member m join directory_group g on g.id = m.group_id where m.account_id = t.id and m.removed_at is null and g.gone_at is null and m.group_id = " + bind(value) + "::uuid)";
    }

    /** The elements of a list that lie in rows of their own, not in the document. */
    static Optional<String> rows(ScimTable table, List<String> path) {
        return switch (table) {
            case GROUPS -> path.equals(List.of("members")) ? Optional.of(MEMBERS) : Optional.empty();
            case USERS -> path.equals(List.of("groups")) ? Optional.of(GROUPS) : Optional.empty();
        };
    }

    private String column(List<String> path) {
        return Map.of("created", "t.created_at", "lastModified", table.changed()).get(path.getLast());
    }

    private static String sign(Match.Op op) {
        return switch (op) {
            case EQ -> " = ";
            case NE -> " <> ";
            case GT -> " > ";
            case GE -> " >= ";
            case LT -> " < ";
            case LE -> " <= ";
            case CO, SW, EW -> throw new IllegalArgumentException(op + " is for text");
        };
    }

    private String bind(Object value) {
        arguments.add(value);
        return "?";
    }
}
