package io.identitybridge.files;

/** A CEL expression as it stands in a file; compiled by the mapping package. */
public record Expr(String text, Where at) {
}
