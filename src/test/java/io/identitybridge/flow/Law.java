package io.identitybridge.flow;

/** The rules of DESIGN 6 and 7 that the model of the bridge works by; a test switches one off to see a world fail for it. */
public enum Law {
    FENCE("a page older than the last push to a user (plus lag) changes nothing of him"),
    FENCE_OF_MEMBERS("a page older than the push of a member (plus lag) neither takes him out nor brings him back"),
    PUSHED_OFF("whom a push disabled, only a push or a complete pull makes active again"),
    REREAD("whom a delta passed over for a newer push is asked for again"),
    TOMBSTONE("a page older than a deletion (plus lag) brings nobody back"),
    SEEN_SINCE("a page older than the first that showed him (plus lag) makes nobody absent"),
    ONLY_WHOLE("only a reading to the last page gives absence a meaning"),
    POINT_READ("whoever is absent from a list is asked for alone"),
    CANDIDATE("where nobody can be asked for alone, the first absence only makes a candidate"),
    SECOND_ABSENCE("a second complete snapshot after `after` makes him gone"),
    DELETION("an explicit deletion is carried out at once"),
    ANY_ACCOUNT("of several accounts of one person, one that is active is enough"),
    HIGHEST_ROLE("several roles in one workspace: the highest"),
    LOWEST_ORG_ROLE("organisation roles from two sources: the lowest"),
    LINK_BY_NUMBER("accounts with one person key are one person"),
    LINK_BY_EMAIL("else accounts of two sources with one e-mail are"),
    NO_GUESS("an e-mail of somebody living of the same source is a letter"),
    FREED_EMAIL("an e-mail of somebody who left goes to a new person"),
    RENAME("another e-mail renames the person"),
    REVIVE("who comes back under his externalId is the same account"),
    LISTS_REVIVE_NOBODY("a group's list revives nobody"),
    GROUP_BY_NAME("a group pushed without externalId is joined once by its exact name"),
    GROUP_TOMBSTONE("a page older than a deletion (plus lag) gives the deleted group's id to none that was pushed since under its name"),
    GROUP_SHOWN("a pushed group that only an older page has shown is missed, too, where later ones have it not"),
    LIMIT_ARCHIVE("archives have a limit"),
    LIMIT_REMOVE("removals have a limit"),
    LIMIT_RAISE("raises to admin have a limit"),
    ROLLING("the limits count a rolling 24 hours over push and pull"),
    LIMIT_LOWER("lowered roles have a limit"),
    LIMIT_CREATE("newcomers have a limit"),
    PROPOSE("where a source only proposes, all of it waits for a person"),
    ADMIT("whoever is no longer admitted waits for a person, whatever the limits say"),
    LET_GO("whom an operator has let go where he is no longer admitted goes at once when he leaves elsewhere"),
    NOT_LET_GO("whoever has left waits for a person while a source that no longer admits him has not let him go"),
    LAST_OWNER("the last owner stays one"),
    SHRINKS("a workspace that would lose most of its people is held"),
    MAY_GRANT("no source gives more than may-grant lets it"),
    DOMAINS("nobody of another e-mail domain becomes a member"),
    AUTHORITY("with `authority` the first listed source that knows somebody decides"),
    EDITED("what an edited mapping takes away waits for a person"),
    FROZEN("whose files are taken away keeps his people"),
    REJECTED("what was rejected is suppressed until the facts change"),
    STILL_TRUE("what was approved is done only if it is still true"),
    CLOCK("changes since a time are asked for by the IdP's own clock"),
    FLAPPING("what went and came again within 24 hours is not taken again without a person"),
    DEFAULT_WORKSPACE("the default workspace keeps its name"),
    SAME_WORKSPACE("a workspace keeps its identity where the one group that gives it is renamed"),
    PROTECTED_PEOPLE("protected people are never touched"),
    PROTECTED_WORKSPACES("protected workspaces are never touched");

    public final String rule;

    Law(String rule) {
        this.rule = rule;
    }
}
