package io.identitybridge.scim;

import java.util.Optional;

/** What an operation of a PATCH points at: {@code name.givenName}, {@code emails[type eq "work"].value}. */
record Target(AttributePath path, Optional<Filter> where) {
}
