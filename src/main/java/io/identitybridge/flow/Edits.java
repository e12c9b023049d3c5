package io.identitybridge.flow;

import com.github.difflib.DiffUtils;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.Patch;
import com.github.difflib.patch.PatchFailedException;
import io.identitybridge.files.FileReader;
import io.identitybridge.files.FileSet;
import io.identitybridge.mapping.Mapping;
import io.identitybridge.model.FileFaults;
import io.identitybridge.model.SourceName;
import io.identitybridge.store.ActiveSets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

    /** The edited places of one file, as these files have it; of a line that is gone, the place where it was. */
    record Place(String name, List<Integer> lines) {
        @Override
        public String toString() {
            return name + (lines.isEmpty() ? "" : ":" + lines.stream().limit(MOST).map(String::valueOf).collect(Collectors.joining(", ")) + (lines.size() > MOST ? " and more" : ""));
        }
    }

    /** One edited place, and the mapping as it was but for that; line 0 is nowhere. */
    record Alone(int line, Active files) {
    }

    /** Why removals wait after edits of {@code mappings/<file>.yaml}. Lines that take nothing away from anybody of this source stand there only if no other was edited. */
    String why(SourceName source, List<String> files, Active now) {
        return why(places(source, files, now));
    }

    List<Place> places(SourceName source, List<String> files, Active now) {
        List<Place> all = files.stream().map(file -> place(name(file), now, Optional.of(source))).toList();
        List<Place> taking = all.stream().filter(place -> !place.lines.isEmpty()).toList();
        return taking.isEmpty() ? files.stream().map(file -> place(name(file), now, Optional.empty())).toList() : taking;
    }

    static String why(List<Place> places) {
        boolean several = places.size() > 1 || places.stream().anyMatch(place -> place.lines.size() > 1);
        return places.stream().map(Place::toString).collect(Collectors.joining(" or ")) + " was edited" + (several ? ", one of these lines is why" : "") + "; what it would take away waits for you";
    }

    /** The lines of a source file that were edited since a moment; empty where it is as it was then, or nobody knows. */
    Optional<Place> since(SourceName source, Active now, Instant then) {
        String name = "routes/" + source + ".source.yaml";
        String text = now.files().texts().getOrDefault(name, "");
        return sets.at(name, then).or(() -> sets.before(name, text)).filter(before -> !before.equals(text)).map(before -> new Place(name, lines(before, text)));
    }

    /** The mapping as it was before (line 0), and each edited place by itself; none where there are too many, or where one alone makes no mapping. */
    List<Alone> alone(SourceName source, Active now) {
        String name = name(source.value());
        String text = now.files().texts().getOrDefault(name, "");
        Optional<List<String>> before = sets.before(name, text).map(old -> old.lines().toList());
        List<AbstractDelta<String>> deltas = before.map(old -> taking(old, text.lines().toList(), source)).orElse(List.of());
        if (deltas.size() < 2 || deltas.size() > MOST) {
            return List.of();
        }
        try {
            List<Alone> each = new ArrayList<>(List.of(new Alone(0, with(name, before.orElseThrow(), source, now))));
            for (AbstractDelta<String> delta : deltas) {
                Patch<String> only = new Patch<>();
                only.addDelta(delta);
                each.add(new Alone(line(delta), with(name, DiffUtils.patch(before.orElseThrow(), only), source, now)));
            }
            return each;
        } catch (FileFaults | PatchFailedException together) { // one of them makes sense only with another
            return List.of();
        }
    }

    private static Active with(String name, List<String> lines, SourceName source, Active now) {
        Map<String, String> texts = new TreeMap<>(now.files().texts());
        texts.put(name, String.join("\n", lines) + "\n");
        FileSet files = FileReader.read(texts);
        return new Active(files, Map.of(source, Mapping.compile(files, source)), now.overrides());
    }

    /** @param taking only what may take something away from this source's people */
    private Place place(String name, Active now, Optional<SourceName> taking) {
        String text = now.files().texts().getOrDefault(name, "");
        return new Place(name, sets.before(name, text).map(before -> taking.map(source -> lines(taking(before.lines().toList(), text.lines().toList(), source))).orElseGet(() -> lines(before, text))).orElse(List.of()));
    }

    static List<Integer> lines(String before, String now) {
        return lines(DiffUtils.diff(before.lines().toList(), now.lines().toList()).getDeltas());
    }

    private static List<Integer> lines(List<AbstractDelta<String>> deltas) {
        return deltas.stream().map(Edits::line).distinct().toList();
    }

    private static int line(AbstractDelta<String> delta) {
        return delta.getTarget().getPosition() + 1;
    }

    /** The edits that may take something away from somebody of this source. */
    private static List<AbstractDelta<String>> taking(List<String> before, List<String> now, SourceName source) {
        IdleLines was = new IdleLines(before, source);
        IdleLines is = new IdleLines(now, source);
        return DiffUtils.diff(before, now).getDeltas().stream().filter(delta -> !was.all(delta.getSource().getPosition(), delta.getSource().size()) || !is.all(delta.getTarget().getPosition(), delta.getTarget().size())).toList();
    }

    private static String name(String file) {
        return "mappings/" + file + ".yaml";
    }
}
