package io.identitybridge.source;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words an LDAP result (RFC 4511 section 4.1.9) as a failed run, and knows which are worth another try. The server's own text is not repeated: it may hold what was sent. */
final class LdapFaults {
    private static final Set<ResultCode> AGAIN = Set.of(ResultCode.BUSY, ResultCode.UNAVAILABLE, ResultCode.SERVER_DOWN, ResultCode.CONNECT_ERROR, ResultCode.TIMEOUT, ResultCode.DECODING_ERROR);
    /** What Active Directory says of a refused bind: {@code AcceptSecurityContext error, data 52e}. */
    private static final Pattern DATA = Pattern.compile("\\bdata ([0-9a-f]{3,4})\\b");

    private LdapFaults() {
    }

    static boolean again(ResultCode code) {
        return AGAIN.contains(code) || !code.isConnectionUsable();
    }

    /** {@code users: page 3: LDAP result 4 (size limit exceeded); ...} */
    static String words(String what, LDAPException fault, int tries) {
        ResultCode code = fault.getResultCode();
        return what + ": LDAP result " + code.intValue() + " (" + code.getName() + hint(fault) + ")" + (tries > 1 ? " after " + tries + " tries" : "") + "; " + advice(code);
    }

    private static String hint(LDAPException fault) {
        Matcher data = DATA.matcher(fault.getDiagnosticMessage() == null ? "" : fault.getDiagnosticMessage());
        return fault.getResultCode().equals(ResultCode.INVALID_CREDENTIALS) && data.find() ? ", Active Directory's code " + data.group(1) : "";
    }

    private static String advice(ResultCode code) {
        return switch (code.intValue()) {
            case ResultCode.SIZE_LIMIT_EXCEEDED_INT_VALUE -> "the server cut the list short, and nothing of it counts: raise the size limit of this account (OpenLDAP: limits ... size.prtotal=unlimited), or lower ldap.page-size";
            case ResultCode.TIME_LIMIT_EXCEEDED_INT_VALUE -> "the server stopped at its time limit, and nothing of it counts: index what the filter asks for, or raise the limit of this account";
            case ResultCode.ADMIN_LIMIT_EXCEEDED_INT_VALUE -> "the server stopped at a limit of its own, and nothing of it counts: index what the filter asks for, or raise the limit of this account";
            case ResultCode.REFERRAL_INT_VALUE -> "another server holds this, and referrals are not followed: set url to that server";
            case ResultCode.NO_SUCH_OBJECT_INT_VALUE -> "there is no such entry, or this account may not see it: look at base and at the rights of the account";
            case ResultCode.INVALID_CREDENTIALS_INT_VALUE -> "the user or the password is refused: look at the settings under ldap";
            case ResultCode.INSUFFICIENT_ACCESS_RIGHTS_INT_VALUE -> "the account may not read this: give it the right to";
            case ResultCode.UNAVAILABLE_CRITICAL_EXTENSION_INT_VALUE -> "the server cannot give lists in pages (RFC 2696), and a list that is not paged cannot be told from one that was cut";
            case ResultCode.CONFIDENTIALITY_REQUIRED_INT_VALUE, ResultCode.STRONG_AUTH_REQUIRED_INT_VALUE -> "the server wants TLS: set an ldaps:// address, or ldap.start-tls";
            case ResultCode.CONNECT_ERROR_INT_VALUE, ResultCode.LOCAL_ERROR_INT_VALUE -> "is it reachable from here, and is its certificate one that ldap.ca trusts and that names this host?";
            default -> again(code) ? "the server is busy or gone, and the next run tries again" : "the server does not accept this: look at base, filter and attributes in the source file";
        };
    }
}
