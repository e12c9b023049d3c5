package io.identitybridge.publish;

import io.identitybridge.model.Organisation;
import io.identitybridge.store.Outbox;
import io.identitybridge.store.PublishReads;
import io.identitybridge.store.TargetOwners;

/** Which interface of Portkey the files have chosen. */
public final class ControlPlanes {
    private ControlPlanes() {
    }

    public static ControlPlane of(Organisation organisation, PublishReads reads, Outbox outbox, TargetOwners owners) {
        return switch (organisation.target()) {
            case STORE -> throw new IllegalArgumentException("target store is no control plane");
            case PORTKEY_ADMIN_API -> new AdminApi(organisation.publishing().membersOfAdmins(), reads::remembered);
            case PORTKEY_SCIM -> new PortkeyScim(organisation, reads, outbox, owners);
        };
    }

    /** What reads all of it. */
    public static TargetReader reader(Organisation organisation) {
        return switch (organisation.target()) {
            case STORE -> throw new IllegalArgumentException("target store is no control plane");
            case PORTKEY_ADMIN_API -> new AdminReader();
            case PORTKEY_SCIM -> new ScimReader(organisation);
        };
    }
}
