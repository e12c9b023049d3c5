package io.identitybridge.files;

import io.identitybridge.files.SourceFile.Page;
import io.identitybridge.files.SourceFile.Paging;

/** Reads how one page leads to the next. */
final class PageReader {
    private PageReader() {
    }

    static Page page(Tree tree) {
        Read page = new Read(tree);
        return new Page(paging(page), page.maybe("items"), page.maybe("total"),
                tree.get("size").map(Read::new).map(size -> new SourceFile.Size(size.text("query"), size.number("value").orElseThrow())));
    }

    private static Paging paging(Read page) {
        if (page.has("next")) {
            String next = page.text("next");
            return next.equals("link") ? new Paging.LinkHeader() : new Paging.NextUrl(next);
        }
        if (page.has("token")) {
            return new Paging.NextToken(page.in("token").text("at"), page.in("token").text("query"));
        }
        if (page.has("offset")) {
            return new Paging.Offset(page.in("offset").text("query"));
        }
        if (page.has("number")) {
            return new Paging.Number(page.in("number").text("query"), page.in("number").number("from").orElse(1));
        }
        return page.has("scim") ? new Paging.ScimIndex() : new Paging.Single();
    }
}
