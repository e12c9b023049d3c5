package io.identitybridge.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** What the stand-in of Portkey holds, one immutable row each; what a row has not is "". */
public sealed interface PortkeyRow {
    String id();

    /** Somebody of the organisation. {@code role} is owner, admin or member; whoever is not active is archived; {@code roles} is as SCIM sent it. */
    record Person(String id, String email, String userName, String externalId, String firstName, String lastName, String displayName, String role, boolean active,
            JsonNode roles, Instant created, Instant updated) implements PortkeyRow {
        /** As SCIM sent them, his roles are no more what he is. */
        Person withRole(String to, Instant now) {
            return new Person(id, email, userName, externalId, firstName, lastName, displayName, to, active, MissingNode.getInstance(), created, now);
        }

        Person withActive(boolean to, Instant now) {
            return new Person(id, email, userName, externalId, firstName, lastName, displayName, role, to, roles, created, now);
        }

        boolean hasEmail(String other) {
            return email.equalsIgnoreCase(other);
        }
    }

    /** How an invite stands; the words are Portkey's. */
    enum Standing {
        PENDING, CANCELLED, ACCEPTED, EXPIRED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** An invite; {@code workspaces} are roles by the workspace's id, {@code changed} is when it came to stand as it does. */
    record Invite(String id, String email, String role, Map<String, String> workspaces, Standing standing, Instant created, Instant expires, Instant changed) implements PortkeyRow {
        Invite to(Standing now, Instant expiry, Instant at) {
            return new Invite(id, email, role, workspaces, now, created, expiry, at);
        }
    }

    /** A workspace; {@code icon} is an emoji that answers put before the name, {@code resources} is how many providers, configs and prompts lie in it. */
    record Workspace(String id, String slug, String name, String icon, String description, Map<String, String> metadata, boolean isDefault, boolean active, int resources,
            Instant created, Instant updated) implements PortkeyRow {
        /** The name as answers have it. */
        public String shown() {
            return icon.isEmpty() ? name : icon + " " + name;
        }

        Workspace with(String newName, String newDescription, Map<String, String> newMetadata, Instant now) {
            return new Workspace(id, slug, newName, icon, newDescription, newMetadata, isDefault, active, resources, created, now);
        }

        Workspace with(String newIcon, int newResources, boolean nowActive, Instant now) {
            return new Workspace(id, slug, name, newIcon, description, metadata, isDefault, nowActive, newResources, created, now);
        }

        boolean isMeantBy(String idOrSlug) {
            return id.equals(idOrSlug) || slug.equals(idOrSlug);
        }
    }

    /** Who is in a workspace as what; the id is the person's. */
    record Member(String id, String workspace, String role, Instant created, Instant updated) implements PortkeyRow {
    }

    /** A group that came by SCIM, or that a mapping created before. */
    record Group(String id, String name, String externalId, Instant created, Instant updated) implements PortkeyRow {
    }

    /** A group leads to a workspace and a role. */
    record Mapping(String id, String group, String workspace, String role) implements PortkeyRow {
    }

    /** A key that works until it is removed. */
    record ApiKey(String id, String person, String workspace, String name, Instant created) implements PortkeyRow {
    }
}
