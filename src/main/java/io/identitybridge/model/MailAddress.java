package io.identitybridge.model;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an e-mail must be before its domain says anything: exactly one address, as RFC 5321 section 4.1.2 writes one without quotes, or RFC 6531 with letters of
 * any script. In a list, in a name with an address or round a second {@code @}, whoever reads it next may find another domain than we did.
 */
public final class MailAddress {
    /** In octets of UTF-8: RFC 5321 sections 4.5.3.1.1 and 4.5.3.1.3, there with the two brackets. */
    private static final int LONGEST_LOCAL = 64;
    private static final int LONGEST = 254;
    /** Blanks, control characters and what nobody sees, of any script. */
    private static final Pattern UNSEEN = Pattern.compile("[\\s\\p{Z}\\p{C}]");
    private static final Pattern SPECIAL = Pattern.compile("[()<>\\[\\]:;,\"\\\\]");
    private static final Pattern LABEL = Pattern.compile("[\\p{L}\\p{M}\\p{N}](?:[\\p{L}\\p{M}\\p{N}-]*[\\p{L}\\p{M}\\p{N}])?");

    private MailAddress() {
    }

    /** Why this is not one address, in words that do not repeat it; empty if it is. */
    public static Optional<String> fault(String email) {
        int at = email.indexOf('@');
        if (at < 1 || at == email.length() - 1) {
            return Optional.of("there is nothing on one side of an '@', or no '@'");
        }
        if (at != email.lastIndexOf('@')) {
            return Optional.of("more than one '@'");
        }
        if (UNSEEN.matcher(email).find()) {
            return Optional.of("a blank, or a character that is not seen");
        }
        if (SPECIAL.matcher(email).find()) {
            return Optional.of("one of ()<>[]:;,\"\\");
        }
        if (octets(email) > LONGEST || octets(email.substring(0, at)) > LONGEST_LOCAL) {
            return Optional.of("longer than " + LONGEST + " octets, or " + LONGEST_LOCAL + " before the '@'");
        }
        for (String label : email.substring(at + 1).split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return Optional.of("its domain is none");
            }
        }
        return Optional.empty();
    }

    private static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
