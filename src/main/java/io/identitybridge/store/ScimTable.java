package io.identitybridge.store;

import java.util.Map;

/** Where SCIM resources lie: the columns that hold an attribute of their own, and the document of all the others. */
enum ScimTable {
    USERS("account", "user_name", Shape.USER, Map.of("id", "t.id", "externalId", "t.external_id", "userName", "t.user_name", "active", Shape.ACTIVE)),
    GROUPS("directory_group", "display_name", Shape.GROUP, Map.of("id", "t.id", "externalId", "t.external_id", "displayName", "t.display_name"));

    private final String table;
    private final String name;
    /** The resource without what columns say: to put that in here would cost more than all the rest of a read. */
    final String document;
    final Map<String, String> columns;

    ScimTable(String table, String name, String document, Map<String, String> columns) {
        this.table = table;
        this.name = name;
        this.document = document;
        this.columns = columns;
    }

    String select() {
        return "select t.id, t.external_id, t." + name + " as name, " + document + "::text as document, t.version, t.created_at, " + changed() + " as changed_at, t.pushed is not null as pushed, t.gone_at is not null as gone" + rest();
    }

    /** Only those that a mapping could name: one without a name is no resource yet. */
    String living() {
        return " from " + table + " t where t.source = ? and t.gone_at is null and t." + name + " is not null";
    }

    /** The living, and tombstones of 45 days. One whose externalId another has by now is nobody's: it stands for whom the IdP has under that id. */
    String namesakes() {
        return " from " + table + " t where t.source = ? and (t.gone_at is null or t.gone_at > now() - interval '45 days'"
                + " and not exists (select 1 from " + table + " o where o.source = t.source and o.external_id = t.external_id and o.gone_at is null))";
    }

    /** Of the living, the one whose name this is in another spelling of Unicode's, also in a mixed one; by the index that refuses the second. */
    String spelled(String wanted) {
        return " and t.gone_at is null and t.is_pushed and not t.twin and octet_length(t." + name + ") <> length(t." + name + ") and lower(normalize(t." + name + ")) = lower(normalize(" + wanted + "))";
    }

    String nameColumn() {
        return "t." + name;
    }

    private String rest() {
        return this == USERS ? ", " + Shape.ACTIVE + " as active, 0 as changes" : ", true as active, (select coalesce(sum(c.changes), 0) from group_change c where c.group_id = t.id) as changes";
    }

    /** When it was changed last: a group also by its members. */
    String changed() {
        return this == USERS ? "t.changed_at" : "greatest(t.changed_at, (select max(c.at) from group_change c where c.group_id = t.id))";
    }

    /** Pushed as the client wrote it; what was only ever pulled is told by its columns. */
    private static final class Shape {
        /** The push says, unless a later pull does, or a list that brought him back. */
        static final String ACTIVE = "(case when t.listed_at is not null then coalesce(t.active, true) when t.pushed is not null and (t.pulled_at is null or t.pushed_at >= t.pulled_at or t.active is null)"
                + " then coalesce((t.pushed ->> 'active')::boolean, true) else coalesce(t.active, true) end)";
        private static final String PULLED = "jsonb_strip_nulls(jsonb_build_object("
                + "'userName', t.user_name, 'displayName', t.display_name, 'active', " + ACTIVE + ","
                + " 'emails', case when t.email is not null then jsonb_build_array(jsonb_build_object('value', t.email, 'type', 'work', 'primary', true)) end,"
                + " 'roles', case when cardinality(t.roles) > 0 then to_jsonb(t.roles) end))";
        static final String USER = "(case when t.pushed is not null then t.pushed else " + PULLED + " end)";
        static final String GROUP = "coalesce(t.pushed, '{}'::jsonb)";
    }
}
