package io.identitybridge.flow;

import io.identitybridge.files.FileSet;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.springframework.stereotype.Component;

/** Loads the active set's route files before Camel starts; never the disk's, which may be faulty. */
@Component
class RouteFiles implements CamelContextConfiguration {
    private final ActiveFiles files;

    RouteFiles(ActiveFiles files) {
        this.files = files;
    }

    @Override
    public void beforeApplicationStart(CamelContext context) {
        FileSet set = files.current().files();
        List<Resource> resources = new ArrayList<>();
        set.texts().forEach((name, text) -> {
            if (name.endsWith(".camel.yaml")) {
                resources.add(ResourceHelper.fromString(name, text));
            }
        });
        try {
            PluginHelper.getRoutesLoader(context).loadRoutes(resources);
        } catch (Exception e) {
            throw new IllegalStateException("the route files could not be loaded: " + e.getMessage(), e);
        }
    }

    @Override
    public void afterApplicationStart(CamelContext context) {
    }
}
