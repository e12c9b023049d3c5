package io.identitybridge.publish;

/**
 * What a target can express (PORTKEY 0.1).
 *
 * @param invites         somebody new is invited, and is a user once he has accepted; else he is made at once
 * @param owners          the role owner can be given and taken
 * @param profiles        names and addresses can be written
 * @param archives        who leaves is kept, archived; else he is removed
 * @param marks           what the bridge makes bears its own id, by which it is known again: what does not is somebody else's
 * @param renames         whether a workspace can be given another name
 * @param membersOfAdmins whether rows of organisation admins are written, who are admins of every workspace without one
 */
public record Abilities(boolean invites, boolean owners, boolean profiles, boolean archives, boolean marks, boolean renames, boolean membersOfAdmins) {
}
