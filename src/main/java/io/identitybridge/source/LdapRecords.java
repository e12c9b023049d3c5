package io.identitybridge.source;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import io.identitybridge.files.SourceFile.Resource;
import io.identitybridge.files.SourceFile.Search;
import io.identitybridge.model.Text;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Makes records of entries: each attribute under the name that the file gives it, and {@code dn}. */
final class LdapRecords {
    private static final String GUID = "objectGUID";

    private final Resource resource;
    private final Search search;
    private final Faults faults;

    LdapRecords(Resource resource, Search search, Faults faults) {
        this.resource = resource;
        this.search = search;
        this.faults = faults;
    }

    /** All that an entry is asked for, members aside: they are read group by group. */
    String[] asked() {
        Set<String> names = new LinkedHashSet<>(List.of(id()));
        names.addAll(search.attributes());
        names.addAll(search.multiValued());
        resource.cursor().ifPresent(cursor -> names.add(name(cursor)));
        resource.removed().ifPresent(removed -> names.add(name(removed)));
        return names.toArray(String[]::new);
    }

    /** The attribute at a pointer of one step. */
    static String name(String pointer) {
        return pointer.substring(1);
    }

    String id() {
        return name(resource.id().orElseThrow());
    }

    boolean isGuid() {
        return id().equalsIgnoreCase(GUID);
    }

    /** An entry without its id would be a person lost in silence, so it ends the reading. */
    Item item(String what, Entry entry) {
        boolean removed = resource.removed().map(pointer -> entry.getAttributeValue(name(pointer))).filter("TRUE"::equalsIgnoreCase).isPresent();
        return new Item(id(what, entry), removed, record(entry));
    }

    String id(String what, Entry entry) {
        String id = Optional.ofNullable(entry.getAttribute(id())).map(values -> text(id(), values.getValueByteArray()))
            .orElseThrow(() -> faults.of(what + ": an entry shows no " + id() + "; look at id in the source file, and give this account the right to read it"));
        if (id.isBlank() || !Text.fits(id)) {
            throw faults.of(what + ": the " + id() + " of an entry is empty or longer than " + Text.LONGEST + " bytes; look at id in the source file");
        }
        return id;
    }

    private Map<String, Object> record(Entry entry) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("dn", plain(entry.getDN()));
        record.put(id(), text(id(), entry.getAttributeValueBytes(id())));
        // Several values where one is meant stay a list: the mapping's expression then refuses this record, and nobody guesses which of them is meant.
        search.attributes().forEach(name -> values(entry, name).ifPresent(all -> record.put(name, all.size() == 1 ? all.getFirst() : all)));
        search.multiValued().forEach(name -> values(entry, name).ifPresent(all -> record.put(name, all)));
        return record;
    }

    /** In the order of the alphabet: a server may give them in any. */
    private static Optional<List<String>> values(Entry entry, String name) {
        return Optional.ofNullable(entry.getAttribute(name)).filter(Attribute::hasValue)
            .map(values -> Arrays.stream(values.getValueByteArrays()).map(bytes -> text(name, bytes)).sorted().toList());
    }

    /** Text as it is, a GUID in its usual form, other bytes in base64. */
    static String text(String name, byte[] bytes) {
        if (name.equalsIgnoreCase(GUID) && bytes.length == 16) {
            return guid(bytes);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException binary) {
            return Base64.getEncoder().encodeToString(bytes);
        }
    }

    /** The first three parts of a GUID stand with their lowest byte first (MS-DTYP section 2.3.4.2). */
    private static String guid(byte[] b) {
        ByteBuffer turned = ByteBuffer.allocate(16).put(new byte[] {b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6]}).put(b, 8, 8).flip();
        return new UUID(turned.getLong(), turned.getLong()).toString();
    }

    /** Which entry has this id, whatever the rest of the search. */
    Filter is(String id) {
        return isGuid() ? UuidText.of(id).map(guid -> Filter.createEqualityFilter(id(), bytes(guid))).orElseGet(() -> Filter.createEqualityFilter(id(), id)) : Filter.createEqualityFilter(id(), id);
    }

    private static byte[] bytes(UUID guid) {
        byte[] b = ByteBuffer.allocate(16).putLong(guid.getMostSignificantBits()).putLong(guid.getLeastSignificantBits()).array();
        return ByteBuffer.allocate(16).put(new byte[] {b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6]}).put(b, 8, 8).array();
    }

    /** A DN without what the extended-DN control puts before it. */
    static String plain(String dn) {
        return dn.startsWith("<GUID=") ? dn.substring(dn.lastIndexOf(">;") + 2) : dn;
    }

    /** The same text for the same DN however it is written. */
    static String key(String dn) {
        try {
            return DN.normalize(plain(dn));
        } catch (LDAPException noDn) {
            return dn.toLowerCase(Locale.ROOT);
        }
    }

    static List<String> strings(Attribute values) {
        return new ArrayList<>(List.of(values.getValues()));
    }
}
