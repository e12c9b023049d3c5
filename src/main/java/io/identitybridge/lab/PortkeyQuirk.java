package io.identitybridge.lab;

/** In what the stand-in differs from Portkey's published specification, or what Portkey leaves open; each can be switched while it runs. */
public enum PortkeyQuirk {
    /** One member's row lacks {@code id}, has {@code user_id}, and its role reads {@code ws-member} (seen by Portkey's Terraform provider). On at first. */
    MEMBER_ROW_DIFFERS,
    /** An invite names workspaces by slug only, as the specification says; else by UUID as well. Off at first. */
    INVITE_WANTS_SLUG,
    /** Times read {@code 2024-01-25 11:35:07}, as in the specification's examples, against its own format. Off at first. */
    TIMES_WITHOUT_ZONE,
    /** The row of somebody who left is 404 and not 403 AB03. Off at first. */
    DEPARTED_IS_404,
    /** A workspace that is gone is 403 AB03 and not 404. Off at first. */
    DELETED_WORKSPACE_IS_403,
    /** Group-Based User Provisioning: a group that lists somebody archived revives him. Off at first. */
    GROUPS_REVIVE,
    /** Keys outlive whoever is removed by the Admin API; by SCIM they go (backend 1.15.0). Off at first. */
    KEYS_OUTLIVE_ADMIN_REMOVAL,
    /** A key is minted for each workspace that somebody joins ({@code user_api_key_auto_create}). On at first. */
    KEYS_ON_JOIN,
    /** A first login makes a person of whoever was not invited (not {@code disable_auto_provision_user}). On at first. */
    LOGIN_PROVISIONS
}
