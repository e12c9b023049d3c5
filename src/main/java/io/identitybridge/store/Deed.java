package io.identitybridge.store;

import io.identitybridge.plan.ApprovedPlan;
import java.util.Collection;
import java.util.UUID;

/** One wish to bring some people's deeds up to their facts. */
record Deed(Collection<UUID> accounts, ApprovedPlan approved, Rules rules, Origin origin) {
}
