package io.identitybridge.check;

import io.identitybridge.files.FileReader;
import io.identitybridge.model.FileFault;
import io.identitybridge.model.FileFaults;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Looks at the files as they lie on the disk. */
public final class DiskCheck {
    private DiskCheck() {
    }

    /**
     * Everything that is wrong with a whole set, sorted by place. Throws {@link FileFaults} where the files make no whole set.
     *
     * @param drafts texts by name ({@code mappings/okta.yaml}) that stand in for those on the disk
     */
    public static List<FileFault> run(Path routes, Path mappings, Map<String, String> drafts) {
        Map<String, String> texts = new TreeMap<>(FileReader.texts(routes, mappings));
        texts.putAll(drafts);
        return new Check().run(FileReader.read(texts)).stream().sorted().toList();
    }
}
