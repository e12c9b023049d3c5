package io.identitybridge.publish;

import io.identitybridge.store.Shown;
import io.identitybridge.store.TargetStage;
import java.util.List;
import java.util.function.Consumer;

/** Reads all that one of Portkey's interfaces shows, page by page. {@link TargetFault} where anything of it could not be read: then nothing follows from what is missing. */
public interface TargetReader {
    void read(Calls calls, Pages pages);

    /** Where the pages go. */
    interface Pages {
        /** Keeps a page; gives how many rows of it were not known yet. */
        int page(List<? extends Shown> rows);

        /** Goes through the users who were there at the last reading, or were made since, and are on no page; {@link TargetFault} where there are such and no user is on any page: an organisation has one. */
        void unseen(Consumer<TargetStage.Known> each);

        /** Goes likewise through the invites of whoever is on no page as a user; there may be none at all. */
        void unseenInvites(Consumer<TargetStage.Known> each);

        /** Goes likewise through the groups, by their ids. */
        void unseenGroups(Consumer<String> each);

        /** Goes through the groups of the pages so far that give a role in a workspace. */
        void giving(Consumer<Shown.Group> each);

        /** Goes through the workspaces of the pages so far. */
        void workspaces(Consumer<String> each);

        /** Portkey's own mappings could not be read: what was known of them stays, and nothing follows from it. */
        void withoutMappings(String why);

        /** A workspace that is not there any more. */
        void forget(String workspace);
    }
}
