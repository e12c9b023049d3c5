package io.identitybridge.flow;

import com.github.difflib.DiffUtils;
import io.identitybridge.store.ActiveSets;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Says which file was edited, and on which lines: whoever decides on what an edit takes away looks there first. */
@Component
class Edits {
    private static final int MOST = 5;
    private final ActiveSets sets;

    Edits(ActiveSets sets) {
        this.sets = sets;
    }

    /** Why removals wait after an edit of {@code mappings/<file>.yaml}; the lines are those of the file as these files have it. */
    String why(String file, Active now) {
        String name = "mappings/" + file + ".yaml";
        String text = now.files().texts().getOrDefault(name, "");
        return name + sets.before(name, text).map(before -> lines(before, text)).orElse("") + " was edited; what it would take away waits for you";
    }

    /** As {@code :23, 40}; empty where the texts say the same. Of a line that is gone, the place where it was. */
    static String lines(String before, String now) {
        List<Integer> lines = DiffUtils.diff(before.lines().toList(), now.lines().toList()).getDeltas().stream().map(delta -> delta.getTarget().getPosition() + 1).distinct().toList();
        String shown = lines.stream().limit(MOST).map(String::valueOf).collect(Collectors.joining(", "));
        return lines.isEmpty() ? "" : ":" + shown + (lines.size() > MOST ? " and more" : "");
    }
}
