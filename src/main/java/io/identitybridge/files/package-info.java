/** Reads the four kinds of file, keeps the active set, reports faults by line. */
package io.identitybridge.files;
