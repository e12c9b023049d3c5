package io.identitybridge.scim;

import java.util.Locale;
import java.util.Optional;

/** An attribute as a client names it: {@code userName}, {@code name.givenName}, {@code urn:...:2.0:User:department}. Names in any case. */
record AttributePath(Optional<String> urn, String name, Optional<String> sub) {

    /** Splits a written path; the whole of an extension has an empty name. */
    static AttributePath of(String written) {
        String rest = written;
        Optional<String> urn = Optional.empty();
        if (written.toLowerCase(Locale.ROOT).startsWith("urn:")) {
            Optional<Schema> whole = Schema.ALL.stream().filter(schema -> schema.is(written)).findFirst();
            if (whole.isPresent()) {
                return new AttributePath(whole.map(Schema::urn), "", Optional.empty());
            }
            int end = written.lastIndexOf(':');
            urn = Optional.of(written.substring(0, end));
            rest = written.substring(end + 1);
        }
        int dot = rest.indexOf('.');
        return dot < 0 ? new AttributePath(urn, rest, Optional.empty()) : new AttributePath(urn, rest.substring(0, dot), Optional.of(rest.substring(dot + 1)));
    }

    AttributePath withSub(String part) {
        return new AttributePath(urn, name, Optional.of(part));
    }

    @Override
    public String toString() {
        return urn.map(u -> u + ":").orElse("") + name + sub.map(s -> "." + s).orElse("");
    }
}
