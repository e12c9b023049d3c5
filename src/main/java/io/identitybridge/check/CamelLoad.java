package io.identitybridge.check;

import io.identitybridge.model.FileFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** Lets Camel itself read the route files, in a context that never starts. */
final class CamelLoad {
    private static final Pattern PLACE = Pattern.compile("line[: ]+(\\d+)(?:,? column[: ]+(\\d+))?");

    private CamelLoad() {
    }

    static List<FileFault> faults(Map<String, String> routes) {
        List<FileFault> faults = new ArrayList<>();
        try (DefaultCamelContext scratch = new DefaultCamelContext()) {
            routes.forEach((name, text) -> {
                try {
                    PluginHelper.getRoutesLoader(scratch).loadRoutes(ResourceHelper.fromString(name, text));
                } catch (Exception e) { // Camel declares no narrower one
                    faults.add(fault(name, e));
                }
            });
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return faults;
    }

    private static FileFault fault(String name, Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        Matcher place = PLACE.matcher(message);
        boolean placed = place.find();
        int line = placed ? Integer.parseInt(place.group(1)) : 1;
        int column = placed && place.group(2) != null ? Integer.parseInt(place.group(2)) : 1;
        String first = message.lines().findFirst().orElse("");
        return new FileFault(name, line, column, "Camel does not take this route: " + (first.length() > 300 ? first.substring(0, 300) : first), "see the Camel YAML DSL's reference");
    }
}
