/** Lints the files and runs the tests in them. */
package io.identitybridge.check;
