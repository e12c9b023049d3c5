package io.identitybridge.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A {@link Match} as a condition in SQL, every value bound. Columns are compared as they are, so that their indexes serve. */
final class MatchSql {
    static final String MEMBERS = "(select jsonb_build_object('value', m.account_id, 'display', x.display_name, 'type', 'User') as e from group_member m join account x on x.id = m.account_id"
            + " where m.group_id = t.id and m.removed_at is null and x.gone_at is null union all select jsonb_build_object('value', p.ref) from pending_member p where p.group_id = t.id and p.pushed)";

    private final ScimTable table;
    private final List<Object> arguments = new ArrayList<>();

    MatchSql(ScimTable table) {
        this.table = table;
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
        return members(path) ? "exists " + MEMBERS : "(" + document + " #> " + bind(path) + "::text[]) is not null";
    }

    private String element(Match.Element element, String document) {
        if (members(element.path())) {
            return element.inside() instanceof Match.Text(List<String> path, Match.Op op, String value, boolean exact) && op == Match.Op.EQ && path.equals(List.of("value"))
                    ? member(value) : "exists (select 1 from " + MEMBERS + " s where " + of(element.inside(), "e", false) + ")";
        }
        String list = "(" + document + " #> " + bind(element.path()) + "::text[])";
        String inside = of(element.inside(), "e", false);
        return "exists (select 1 from (select " + list + " as l) v, jsonb_array_elements(case when jsonb_typeof(v.l) = 'array' then v.l when v.l is null then '[]'::jsonb else jsonb_build_array(v.l) end) e where " + inside + ")";
    }

    private String member(String value) {
        String known = Ids.of(value).isPresent()
                ? "exists (select 1 from group_member m join account x on x.id = m.account_id where m.group_id = t.id and m.removed_at is null and x.gone_at is null and m.account_id = " + bind(value) + "::uuid) or " : "";
        return "(" + known + "exists (select 1 from pending_member p where p.group_id = t.id and p.pushed and p.ref = " + bind(value) + "))";
    }

    private boolean members(List<String> path) {
        return table == ScimTable.GROUPS && path.equals(List.of("members"));
    }

    private static String column(List<String> path) {
        return Map.of("created", "t.created_at", "lastModified", "t.changed_at").get(path.getLast());
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
