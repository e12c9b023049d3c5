package io.identitybridge.check;

import io.identitybridge.model.Problem;
import java.util.List;
import java.util.Set;

/**
 * What one test of a mapping came to.
 *
 * @param plan     sentences that would be done
 * @param held     why others wait for a person
 * @param refused  what portkey.yaml does not allow
 * @param problems what became dead letters
 * @param hints    the same problems, told with the whole record at hand: what a misspelt field is called there
 * @param met      rules that gave a place ({@code file:line}), and the parts of the mapping that were read
 */
record Outcome(List<String> plan, List<String> held, List<String> refused, List<Problem> problems, List<Problem> hints, Set<String> met) {
}
