package io.identitybridge.source;

import static io.identitybridge.source.Given.list;
import static io.identitybridge.source.Given.paged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.identitybridge.files.SourceFile.Paging;
import io.identitybridge.files.SourceFile.Count;
import io.identitybridge.source.IdpServer.Reply;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each way of paging, over real HTTP. */
class PagingTest extends OverHttp {
    @Test
    void link_headers_are_followed_whether_they_come_one_by_one_or_joined_by_a_comma() {
        idp.on("/users?limit=2", Reply.json("[{\"id\":\"a\"},{\"id\":\"b\"}]")
            .with("Link", "<" + idp.url() + "/users?limit=2>; rel=\"self\"").with("Link", "<" + idp.url() + "/users?after=b&limit=2>; rel=\"next\""));
        idp.on("/users?after=b&limit=2", Reply.json("[{\"id\":\"c\"}]")
            .with("Link", "<" + idp.url() + "/users?limit=2>; title=\"a, b\"; rel=self, </users?after=c,x>; rel=\"prefetch next\""));
        idp.on("/users?after=c,x", "[{\"id\":\"d\"}]");
        Reading reading = read(new Given().by(new Paging.LinkHeader()).read(list("users", "/users", users -> users.query.put("limit", "2"))));
        assertThat(told.users).containsOnlyKeys("a", "b", "c", "d");
        assertThat(told.calls).containsExactly("begin users", "users 1", "users 2", "users 3");
        assertThat(reading.unique()).containsEntry("users", 4L);
        assertThat(reading.proof().orElseThrow().read()).containsEntry("users", 4L);
    }

    @Test
    void a_next_url_in_the_body_is_followed_also_after_an_empty_page() {
        idp.on("/users", "{\"value\":[],\"@odata.nextLink\":\"" + idp.url() + "/users?$skiptoken=p2\"}");
        idp.on("/users?$skiptoken=p2", "{\"value\":[{\"id\":\"a\"}],\"@odata.nextLink\":null}");
        read(new Given().by(paged(new Paging.NextUrl("/@odata.nextLink"), "/value", "-", "-", 0)).read("users"));
        assertThat(told.users).containsOnlyKeys("a");
    }

    @Test
    void a_page_token_goes_back_encoded_as_a_query_value() {
        idp.on("/users?n=2", "{\"users\":[{\"id\":\"a\"}],\"nextPageToken\":\"x+/=&y\"}");
        idp.on("/users?n=2&pageToken=x%2B%2F%3D%26y", "{\"users\":[{\"id\":\"b\"}],\"nextPageToken\":\"\"}");
        read(new Given().by(paged(new Paging.NextToken("/nextPageToken", "pageToken"), "/users", "-", "n", 2)).read("users"));
        assertThat(told.users).containsOnlyKeys("a", "b");
    }

    @Test
    void a_page_token_and_a_total_may_stand_in_the_headers() {
        idp.on("/users", Reply.json("[{\"id\":1}]").with("After-Cursor", "e30=").with("X-Total-Count", "2")).on("/users?cursor=e30%3D", Reply.json("[{\"id\":2}]").with("x-total-count", "2"));
        Given given = new Given().by(paged(new Paging.NextToken("header after-cursor", "cursor"), "-", "header X-Total-Count", "-", 0)).read("users");
        read(given);
        assertThat(told.users).containsOnlyKeys("1", "2");
        idp.on("/users?cursor=e30%3D", Reply.json("[]").with("X-Total-Count", "2").with("After-Cursor", ""));
        assertThat(refusal(given)).isEqualTo("users: 1 read, the source says 2");
    }

    @Test
    void an_offset_grows_by_what_came_until_a_page_is_empty() {
        idp.on("/users?max=3&first=0", "[{\"id\":\"a\"},{\"id\":\"b\"}]").on("/users?max=3&first=2", "[{\"id\":\"c\"}]").on("/users?max=3&first=3", "[]");
        read(new Given().by(paged(new Paging.Offset("first"), "-", "-", "max", 3)).read("users"));
        assertThat(told.users).containsOnlyKeys("a", "b", "c");
        assertThat(idp.asked()).hasSize(3);
    }

    @Test
    void page_numbers_end_when_the_total_is_reached() {
        idp.on("/users?per_page=2&page=1", "{\"data\":[{\"id\":1},{\"id\":2}],\"total\":3}");
        idp.on("/users?per_page=2&page=2", "{\"data\":[{\"id\":3}],\"total\":3}");
        read(new Given().by(paged(new Paging.Number("page", 1), "/data", "/total", "per_page", 2)).read("users"));
        assertThat(told.users).containsOnlyKeys("1", "2", "3");
        assertThat(idp.asked()).hasSize(2);
    }

    @Test
    void the_scim_index_advances_by_what_came_and_not_by_what_was_asked() {
        idp.on("/Users?count=100&startIndex=1", "{\"totalResults\":\"3\",\"Resources\":[{\"id\":\"a1\"},{\"id\":\"a2\"}]}");
        idp.on("/Users?count=100&startIndex=3", "{\"totalResults\":3,\"Resources\":[{\"id\":\"a3\"}]}");
        read(new Given().by(new Paging.ScimIndex()).read(list("users", "/Users", users -> { })));
        assertThat(told.users).containsOnlyKeys("a1", "a2", "a3");
    }

    @Test
    void a_scim_server_without_users_may_leave_the_list_out() {
        idp.on("/Users?count=100&startIndex=1", "{\"totalResults\":0}");
        assertThat(read(new Given().by(new Paging.ScimIndex()).read(list("users", "/Users", users -> { }))).unique()).containsEntry("users", 0L);
    }

    @Test
    void a_person_seen_twice_counts_once_and_the_last_record_wins() {
        idp.on("/users?first=0", "[{\"id\":\"a\",\"v\":1},{\"id\":\"b\"},{\"id\":\"a\",\"v\":2}]").on("/users?first=3", "[{\"id\":\"b\",\"v\":3}]").on("/users?first=4", "[]");
        idp.on("/count", "2");
        Reading reading = read(new Given().by(new Paging.Offset("first"))
            .read(list("users", "/users", users -> users.count = Optional.of(new Count("/count", Optional.empty())))));
        assertThat(reading.unique()).containsEntry("users", 2L);
        assertThat(told.pages.getFirst().items()).extracting(Item::id).containsExactly("a", "b");
        assertThat(told.users.get("a").record()).containsEntry("v", 2L);
        assertThat(told.users.get("b").record()).containsEntry("v", 3L);
    }

    @Test
    void settings_ids_and_query_values_are_encoded_and_no_property_is_looked_up() {
        camel.getPropertiesComponent().addInitialProperty("other.secret", "leaked");
        idp.on("/users?filter=name%20eq%20%22%C3%BC%22", Reply.json("[]").with("Link", "</users?x={{other.secret}}%20>; rel=next"));
        idp.on("/users?x=%7B%7Bother.secret%7D%7D%20", "[{\"id\":\"a/../b?c\"}]");
        idp.on("/users/a%2F..%2Fb%3Fc", "{\"id\":\"a/../b?c\"}").on("/users/%2E%2E", "{\"id\":\"..\"}").on("/users/max", "{\"id\":\"moritz\"}");
        Given given = new Given().by(new Paging.LinkHeader()).read(list("users", "/users", users -> {
            users.query.put("filter", "name eq \"ü\"");
            users.byId = Optional.of(new io.identitybridge.files.SourceFile.ById("/users/${id}", java.util.Set.of(404)));
        }));
        read(given);
        assertThat(told.users).containsOnlyKeys("a/../b?c");
        assertThat(reader(given).pointRead("a/../b?c")).isInstanceOf(PointRead.Found.class);
        assertThat(reader(given).pointRead("..")).isInstanceOf(PointRead.Found.class);
        assertThatThrownBy(() -> reader(given).pointRead("max")).hasMessageContaining("the answer is not the record of this id");
        assertThat(reader(given).pointRead("zoe")).isEqualTo(new PointRead.Gone());
    }
}
