package io.identitybridge.admin;

import io.identitybridge.model.Situation;
import io.identitybridge.model.SourceName;
import java.util.Collection;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/** The sources that a path may name; any other is 404. */
@Component
class Known {
    private final Situation situation;

    Known(Situation situation) {
        this.situation = situation;
    }

    SourceName source(String name) {
        return situation.sources().stream().filter(source -> source.value().equals(name)).findFirst()
                .orElseThrow(() -> nothing("no source '" + name + "'; there are " + situation.sources()));
    }

    Collection<String> names() {
        return situation.sources().stream().map(SourceName::value).toList();
    }

    static ResponseStatusException nothing(String detail) {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, detail);
    }
}
