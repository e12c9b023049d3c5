package io.identitybridge.source;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.matchingrules.CaseIgnoreStringMatchingRule;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchResultReference;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import io.identitybridge.files.SourceFile.RecordedPage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Answers lists with the pages recorded in a test, in their order, and a group's members with what its recorded entry holds. Every base is there. */
final class RecordedLdap implements LdapServer {
    private static final Set<String> BINARY = Set.of("objectguid", "objectsid", "invocationid");

    private final List<RecordedPage> pages;
    private int asked;

    RecordedLdap(List<RecordedPage> pages) {
        this.pages = pages;
    }

    @Override
    public SearchResult search(SearchRequest request) throws LDAPException {
        if (request.hasControl(SimplePagedResultsControl.PAGED_RESULTS_OID)) {
            return page();
        }
        return request.getScope().equals(SearchScope.BASE) ? result(List.of(alone(request)), new Control[0]) : result(List.of(), new Control[0]);
    }

    /** How many of the recorded pages nobody asked for. */
    int unasked() {
        return Math.max(0, pages.size() - asked);
    }

    private SearchResult page() throws LDAPException {
        RecordedPage page = pages.get(asked++);
        if (page.status() != 0) {
            throw new LDAPException(ResultCode.valueOf(page.status()));
        }
        ASN1OctetString cookie = new ASN1OctetString(asked < pages.size() ? String.valueOf(asked) : "");
        return result(entries(page), new Control[] {new SimplePagedResultsControl(0, cookie, false)});
    }

    private SearchResultEntry alone(SearchRequest request) {
        List<Attribute> found = new ArrayList<>(List.of(new Attribute("objectClass", "top")));
        for (RecordedPage page : pages) {
            for (SearchResultEntry entry : entries(page)) {
                if (entry.getDN().equalsIgnoreCase(request.getBaseDN())) {
                    entry.getAttributes().stream().filter(attribute -> isAsked(attribute, request.getAttributeList())).forEach(found::add);
                }
            }
        }
        return new SearchResultEntry(request.getBaseDN(), found);
    }

    /** {@code member} gives the first range, {@code member;range=1500-*} the one that begins there. */
    private static boolean isAsked(Attribute attribute, List<String> names) {
        String name = attribute.getName();
        return names.stream().anyMatch(asked -> asked.equalsIgnoreCase(name) || name.startsWith(asked + ";range=0-") || asked.endsWith("-*") && name.startsWith(asked.substring(0, asked.length() - 1)));
    }

    private static List<SearchResultEntry> entries(RecordedPage page) {
        List<SearchResultEntry> entries = new ArrayList<>();
        for (Object body : page.body() instanceof List<?> all ? all : List.of()) {
            if (!(body instanceof Map<?, ?> entry)) {
                throw new IllegalArgumentException("a recorded entry is a map with its dn and its attributes");
            }
            List<Attribute> attributes = new ArrayList<>();
            entry.forEach((name, value) -> {
                if (!name.equals("dn")) {
                    attributes.add(new Attribute(name.toString(), CaseIgnoreStringMatchingRule.getInstance(), (value instanceof List<?> many ? many : Arrays.asList(value)).stream()
                        .map(one -> bytes(name.toString(), String.valueOf(one))).toArray(byte[][]::new)));
                }
            });
            entries.add(new SearchResultEntry(String.valueOf(entry.get("dn")), attributes));
        }
        return entries;
    }

    private static byte[] bytes(String name, String value) {
        if (!BINARY.contains(name.toLowerCase(Locale.ROOT))) {
            return value.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException noBase64) {
            throw new IllegalArgumentException("the recorded " + name + " is no base64", noBase64);
        }
    }

    private static SearchResult result(List<SearchResultEntry> entries, Control[] controls) {
        return new SearchResult(1, ResultCode.SUCCESS, null, null, null, entries, List.<SearchResultReference>of(), entries.size(), 0, controls);
    }
}
