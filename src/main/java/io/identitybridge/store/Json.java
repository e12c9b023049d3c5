package io.identitybridge.store;

/** A JSON text as the database holds it, passed on as it is. */
public record Json(String text) {
}
