package io.identitybridge.source;

import io.identitybridge.model.SourceName;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Words a failed run: which list, which page, what came, what to do. Never a secret, a query or a page token, and of an id that is an address only its domain. */
final class Faults {
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.-]{1,60}");
    private static final int SHOWN = 100;
    private static final Pattern ADDRESS = Pattern.compile("[^\\s/'\"()<>,;:]+(@|%40)(?=[^\\s/'\"()<>,;:])");

    private final SourceName source;
    private final Settings settings;

    Faults(SourceName source, Settings settings) {
        this.source = source;
        this.settings = settings;
    }

    SourceUnavailable of(String text) {
        return new SourceUnavailable(source, ADDRESS.matcher(settings.redact(text)).replaceAll("...$1"));
    }

    /** {@code users: page 3: HTTP 503 after 6 tries from https://acme.okta.com/api/v1/users; ...} */
    SourceUnavailable status(String what, URI url, Answer answer) {
        String tries = answer.tries() > 1 ? " after " + answer.tries() + " tries" : "";
        String code = code(answer.response()).map(c -> " (" + c + ")").orElse("");
        return of(what + ": HTTP " + answer.response().status() + code + tries + " from " + place(url) + "; " + advice(what, answer.response().status()));
    }

    /** An address without its query, in which tokens stand. */
    static String place(URI url) {
        return Addresses.origin(url) + shown(url.getRawPath());
    }

    /** Text from outside, short and without control characters. */
    static String shown(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() > SHOWN ? plain.substring(0, SHOWN) + "..." : plain;
    }

    /** The error's code where IdPs put it; free text of theirs is not repeated, for it may hold what was sent. */
    static Optional<String> code(Response response) {
        return Json.lenient(response.body()).flatMap(body -> {
            for (String pointer : new String[] {"/error/errors/0/reason", "/error/code", "/errorCode", "/error", "/code", "/scimType"}) {
                Optional<String> code = Json.text(Json.at(body, pointer)).filter(c -> CODE.matcher(c).matches());
                if (code.isPresent()) {
                    return code;
                }
            }
            return Optional.empty();
        });
    }

    /** After a try to which no answer came, and no other may follow. */
    SourceUnavailable noAnswer(String what, URI url, IOException broken, int tries) {
        String why = broken instanceof SSLException ? "its certificate is not trusted here: if your own CA issued it, name the CA in BRIDGE_CA_FILE" : "is it reachable from here?";
        return of(what + ": no answer from " + place(url) + " after " + tries + " tries (" + broken.getClass().getSimpleName() + "); " + why);
    }

    private static String advice(String what, int status) {
        if (status == 400 && what.equals(ClientToken.WHAT)) {
            return "the credentials are refused: look at the source's secret settings, and at scope and assertion in the source file";
        }
        return switch (status) {
            case 401 -> "the credentials are refused: look at the source's secret settings";
            case 403 -> "the credentials may not read this: give them the right to";
            case 404, 410 -> "there is nothing at this address: look at the source file's url and path";
            case 407 -> "the proxy does not know the bridge: look at user and password in BRIDGE_PROXY";
            case 408, 429, 500, 502, 503, 504 -> "the source is busy or failing, and the next run tries again";
            default -> status >= 300 && status < 400
                ? "redirects are not followed: set the address it leads to"
                : "the source does not accept this request: look at the source file's path and query";
        };
    }
}
