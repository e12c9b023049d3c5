package io.identitybridge.lab;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where an automatic group leads, by its name: {@code ws-{Workspace}-role-{admin|manager|member}}, split at the last separator, the role in any case. */
record GroupPlace(String workspace, String role) {
    private static final Pattern NAME = Pattern.compile("ws-(.+)-role-(?i:(admin|manager|member))");

    static Optional<GroupPlace> of(String name) {
        Matcher found = NAME.matcher(name);
        return found.matches() ? Optional.of(new GroupPlace(found.group(1), found.group(2).toLowerCase(Locale.ROOT))) : Optional.empty();
    }
}
