package io.identitybridge.files;

import io.identitybridge.model.ChangeClass;
import io.identitybridge.model.Organisation.Limit;
import io.identitybridge.model.Organisation.Limits;
import io.identitybridge.model.Organisation.Raised;
import io.identitybridge.model.SourceName;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the guard's limits, of portkey.yaml and of a mapping's test. */
public final class LimitReader {
    /** What holds where portkey.yaml says nothing. */
    public static final Limits DEFAULTS = new Limits(Map.of(
            ChangeClass.ARCHIVE, new Limit(0.05, 5),
            ChangeClass.REMOVE, new Limit(0.10, 20),
            ChangeClass.LOWER, new Limit(0.10, 20),
            ChangeClass.RAISE, new Limit(0, 20),
            ChangeClass.CREATE, new Limit(1.00, 1000)), 0.5);

    private LimitReader() {
    }

    /** The limits as written, and {@code otherwise} for each class that is not named. */
    public static Limits read(Map<String, Object> written, Limits otherwise) {
        Map<ChangeClass, Limit> limits = new EnumMap<>(otherwise.byClass());
        double shrinks = otherwise.shrinks();
        boolean second = otherwise.secondPerson();
        int flapping = otherwise.flapping();
        List<Raised> raised = new ArrayList<>(otherwise.raised());
        for (Map.Entry<String, Object> entry : written.entrySet()) {
            if (entry.getValue() instanceof Boolean two) {
                second = two;
            } else if (entry.getValue() instanceof Long times) {
                flapping = times.intValue();
            } else if (entry.getValue() instanceof List<?> raises) {
                raises.forEach(raise -> raised.add(raised((Map<?, ?>) raise)));
            } else if (entry.getValue() instanceof Map<?, ?> limit) {
                limits.put(kind(entry.getKey()), limit(limit));
            } else {
                shrinks = Quantity.share(entry.getValue().toString());
            }
        }
        return new Limits(limits, shrinks, raised, second, flapping);
    }

    private static Raised raised(Map<?, ?> written) {
        return new Raised(kind(written.get("class")), new SourceName(String.valueOf(written.get("source"))), limit((Map<?, ?>) written.get("to")),
                String.valueOf(written.get("why")), LocalDate.parse(String.valueOf(written.get("until"))));
    }

    private static ChangeClass kind(Object name) {
        return ChangeClass.valueOf(String.valueOf(name).toUpperCase(Locale.ROOT));
    }

    private static Limit limit(Map<?, ?> written) {
        if (written.get("at-most") instanceof Long most) {
            return new Limit(0, most.intValue());
        }
        return new Limit(Quantity.share(String.valueOf(written.get("share"))), ((Long) written.get("always-allow")).intValue());
    }
}
