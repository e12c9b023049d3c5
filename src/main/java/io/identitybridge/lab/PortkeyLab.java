package io.identitybridge.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * {@code /lab} of the stand-in Portkey, without a key: {@code faults}; {@code state} and {@code log}, to look at; {@code hand/accept?email=}, {@code expire}, {@code cancel}, {@code login} and
 * {@code remove}, for what people do in Portkey's app; {@code quirks/NAME?on=true}.
 */
final class PortkeyLab {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LAST = 100;

    private final PortkeyStore store;
    private final PortkeyByHand byHand;
    private final Faults faults;

    PortkeyLab(PortkeyStore store, PortkeyByHand byHand, Faults faults) {
        this.store = store;
        this.byHand = byHand;
        this.faults = faults;
    }

    void answer(HttpExchange exchange, String path) throws IOException {
        if (path.equals("/lab/faults")) {
            FaultsEndpoint.answer(exchange, faults);
            return;
        }
        Map<String, String> query = Call.query(exchange.getRequestURI().getRawQuery());
        try {
            send(exchange, 200, done(path, query));
        } catch (NoSuchElementException | IllegalArgumentException e) {
            send(exchange, 400, Map.of("error", String.valueOf(e.getMessage())));
        }
    }

    private Object done(String path, Map<String, String> query) {
        String email = query.getOrDefault("email", "");
        switch (path) {
            case "/lab/state" -> {
                return state();
            }
            case "/lab/log" -> {
                List<PortkeyLog.Write> all = store.log().writes();
                return all.subList(Math.max(0, all.size() - LAST), all.size()).stream().map(write -> write.number() + " " + write.method() + " " + write.path() + " " + write.status() + " " + write.sentences()).toList();
            }
            case "/lab/hand/accept" -> byHand.accept(email);
            case "/lab/hand/expire" -> byHand.expire(email);
            case "/lab/hand/cancel" -> byHand.cancel(email);
            case "/lab/hand/login" -> byHand.login(email, "First", "Login").orElseThrow();
            case "/lab/hand/remove" -> byHand.remove(email);
            default -> {
                if (!path.startsWith("/lab/quirks/")) {
                    throw new NoSuchElementException("no " + path);
                }
                store.quirk(PortkeyQuirk.valueOf(path.substring("/lab/quirks/".length())), Boolean.parseBoolean(query.get("on")));
            }
        }
        return Map.of();
    }

    private Map<String, Object> state() {
        PortkeyState state = store.copy();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("workspaces", state.memberships());
        all.put("people", state.people().stream().map(person -> person.email() + " " + person.role() + (person.active() ? "" : " archived")).toList());
        all.put("invites", state.invites().stream().map(invite -> invite.email() + " " + invite.standing().word()).toList());
        all.put("groups", state.groups().stream().map(PortkeyRow.Group::name).toList());
        return all;
    }

    private static void send(HttpExchange exchange, int status, Object body) throws IOException {
        PortkeyWire.send(exchange, status, "application/json", JSON.writeValueAsBytes(body));
    }
}
