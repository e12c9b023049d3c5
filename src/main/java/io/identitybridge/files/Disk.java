package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import io.identitybridge.model.FileFaults;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Loads the texts of a set: {@code .yaml} and {@code .yml} files right in its directories, hidden ones left out. */
final class Disk {
    private static final int LARGEST = 1 << 20;
    private static final int MOST = 500;

    private final List<FileFault> faults = new ArrayList<>();
    private final Map<String, String> texts = new TreeMap<>();

    /** @param directories by the name they have in the set */
    Map<String, String> texts(Map<String, Path> directories) {
        directories.forEach(this::directory);
        if (!faults.isEmpty()) {
            throw new FileFaults(faults);
        }
        return texts;
    }

    /** What is more than a set may hold. */
    static List<FileFault> tooMuch(Map<String, String> texts) {
        List<FileFault> faults = new ArrayList<>();
        if (texts.size() > MOST) {
            faults.add(new FileFault("routes", 0, 0, texts.size() + " files, at most " + MOST + " are read", "take away what is not used"));
        }
        texts.forEach((name, text) -> {
            if (text.length() > LARGEST) {
                faults.add(tooLarge(name));
            }
        });
        return faults;
    }

    private void directory(String name, Path directory) {
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory, path -> yaml(path.getFileName().toString()))) {
            for (Path path : paths) {
                if (texts.size() > MOST) {
                    faults.addAll(tooMuch(texts));
                    return;
                }
                file(name + "/" + path.getFileName(), path);
            }
        } catch (IOException | DirectoryIteratorException e) {
            faults.add(new FileFault(name, 0, 0, "the directory " + directory + " cannot be read", "make it, or set where it is (BRIDGE_" + name.toUpperCase(Locale.ROOT) + ")"));
        }
    }

    private void file(String name, Path path) {
        try {
            if (Files.size(path) > LARGEST) {
                faults.add(tooLarge(name));
            } else if (Files.isRegularFile(path)) {
                texts.put(name, Files.readString(path));
            }
        } catch (CharacterCodingException e) {
            faults.add(new FileFault(name, 0, 0, "the file is not UTF-8 text", "save it as UTF-8"));
        } catch (IOException e) {
            faults.add(new FileFault(name, 0, 0, "the file cannot be read", "look at its rights"));
        }
    }

    private static boolean yaml(String name) {
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"));
    }

    private static FileFault tooLarge(String name) {
        return new FileFault(name, 0, 0, "the file has more than 1 MiB", "split it, or take away what is not used");
    }
}
