package io.identitybridge.model;

import java.util.List;

/**
 * What an operator can say about one person, past every source and every limit, and not past the last hop. A person goes by e-mail, user name or id, an
 * account by its source and the IdP's id or ours. Each call is audited with actor and reason and gives what was done in sentences; what makes no sense is
 * {@link Controls.Refused}.
 */
public interface PeopleControls {
    /** Ends somebody's access at once; no source brings him back before it is lifted. */
    List<String> revoke(String person, String reason, String actor);

    /** He is again what his accounts say. */
    List<String> lift(String person, String reason, String actor);

    /** What is held of somebody who is gone everywhere is destroyed; a pseudonym stays. The last sentences say what could not be. */
    List<String> forget(String person, String reason, String actor);

    /** The account is this person's, whoever it was before. Somebody to whom no account is left is archived. */
    List<String> link(SourceName source, String account, String person, String reason, String actor);

    /** The account is not the person's whose it is; it becomes somebody else, or a letter where he is in the way. */
    List<String> unlink(SourceName source, String account, String reason, String actor);

    /** The IdP knows the account by another id now. An account that has come under that id already takes the old one's place. */
    List<String> anchor(SourceName source, String account, String id, String reason, String actor);

    /** Takes back what was done of a held plan, in the reverse order, until the facts about each person change; says of each line what became of it. */
    List<String> undo(long plan, String reason, String actor);
}
