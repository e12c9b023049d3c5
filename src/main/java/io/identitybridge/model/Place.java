package io.identitybridge.model;

/**
 * One workspace and role that a group or an attribute rule gives.
 *
 * @param rule where the rule stands, as {@code mappings/okta.yaml:26}; what {@code explain} shows
 */
public record Place(String workspace, Role role, String rule) {
    public Place {
        Text.notBlank("workspace", workspace);
        Text.notBlank("rule", rule);
    }
}
