package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/** Makes a {@link Tree} of one YAML text. Takes no tags, anchors or aliases, no key twice, and at most 32 levels. */
final class TreeReader {
    private static final int DEEPEST = 32;

    private final String file;
    private final String text;
    private final Consumer<FileFault> faults;
    private final Traps traps;

    TreeReader(String file, String text, Consumer<FileFault> faults) {
        this.file = file;
        this.text = text;
        this.faults = faults;
        this.traps = new Traps(file, text);
    }

    Optional<Tree> read() {
        LoadSettings settings = LoadSettings.builder().setLabel(file).setSchema(new JsonSchema()).setAllowDuplicateKeys(true).build();
        try {
            Optional<FileFault> refused = refused(settings);
            if (refused.isPresent()) {
                faults.accept(refused.get());
                return Optional.empty();
            }
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                faults.accept(new FileFault(file, 1, 1, "the file is empty", "write its content or take the file away"));
            }
            return root.map(this::tree);
        } catch (MarkedYamlEngineException e) {
            faults.accept(traps.explain(e));
        } catch (YamlEngineException e) {
            faults.accept(new FileFault(file, 0, 0, "no YAML: " + e.getMessage().lines().findFirst().orElse("unreadable"), "save it as plain UTF-8 text"));
        }
        return Optional.empty();
    }

    /** What is refused before anything recursive looks at the text: depth, anchors and aliases. */
    private Optional<FileFault> refused(LoadSettings settings) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            if (depth > DEEPEST) {
                return Optional.of(where(event.getStartMark()).fault("more than " + DEEPEST + " levels deep", "write it flatter"));
            }
            if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
                return Optional.of(where(event.getStartMark()).fault("a value that begins with & or * is an anchor or alias in YAML, which is not taken here",
                        "put the whole value in quotes, or write it out"));
            }
        }
        return Optional.empty();
    }

    private Tree tree(Node node) {
        traps.tag(node).ifPresent(faults);
        return switch (node) {
            case MappingNode map -> branch(map);
            case SequenceNode row -> new Tree.Row(where(node.getStartMark()), row.getValue().stream().map(this::tree).toList());
            case ScalarNode scalar -> leaf(scalar);
            default -> throw new IllegalStateException("a node of an unknown kind: " + node.getNodeType());
        };
    }

    private Tree branch(MappingNode map) {
        Map<String, Tree.Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            Where keyAt = where(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                faults.accept(keyAt.fault("a value that begins with { or [ is a map or list in YAML", "put the whole value in single quotes"));
                continue;
            }
            Tree.Entry before = entries.putIfAbsent(key.getValue(), new Tree.Entry(keyAt, tree(tuple.getValueNode())));
            if (before != null) {
                faults.accept(keyAt.fault("'" + key.getValue() + "' is given twice, first in line " + before.keyAt().line(), "keep one of the two"));
            }
        }
        return new Tree.Branch(where(map.getStartMark()), Collections.unmodifiableMap(entries));
    }

    private Tree leaf(ScalarNode scalar) {
        traps.cutOff(scalar).ifPresent(faults);
        Where at = where(scalar.getStartMark());
        return new Tree.Leaf(at, value(scalar, at), scalar.getValue());
    }

    private Optional<Object> value(ScalarNode scalar, Where at) {
        String written = scalar.getValue();
        if (scalar.getTag().equals(Tag.NULL)) {
            return Optional.empty();
        }
        if (scalar.getTag().equals(Tag.BOOL)) {
            return Optional.of(Boolean.valueOf(written));
        }
        if (scalar.getTag().equals(Tag.INT)) {
            return Optional.of(whole(written, at));
        }
        return Optional.of(scalar.getTag().equals(Tag.FLOAT) ? (Object) Double.valueOf(written) : written);
    }

    private Object whole(String written, Where at) {
        try {
            return Long.valueOf(written);
        } catch (NumberFormatException e) {
            faults.accept(at.fault(written + " is too large for a number", "put it in quotes: it is an id, not an amount"));
            return written;
        }
    }

    private Where where(Optional<Mark> mark) {
        return mark.map(m -> new Where(file, m.getLine() + 1, m.getColumn() + 1)).orElse(new Where(file, 0, 0));
    }
}
