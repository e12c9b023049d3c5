package io.identitybridge.check;

import io.identitybridge.files.DidYouMean;
import io.identitybridge.files.FileSet;
import io.identitybridge.files.Tree;
import io.identitybridge.files.Where;
import io.identitybridge.model.FileFault;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.quartz.CronExpression;

/** Looks at route files before Camel does: beans that nobody knows, clocks that are none, a step that is missing. */
final class RouteLint {
    /** The steps that the flow gives to route files; a test holds this list against the flow. */
    static final Set<String> BEANS = Set.of("normalize", "map", "plan", "guard", "apply", "runFailed", "park", "sign", "publish", "publishLeavers", "readTarget", "portkeyHttp", "scim", "scimBulk", "scimFault", "scimAnswer");
    /** Routes by where they begin, and what becomes of a failure in them under the handler that holds for all others. */
    private static final Map<String, String> BARE = Map.of(
            "direct:reconcile", "a failure would end there, and an IdP's push would be answered as if it were stored",
            "servlet:/v2", "a failed write would be answered 200",
            "direct:run-failed", "ending a run that fails would be parked and ended again",
            "direct:dead-letter", "parking that fails would be parked over and over",
            "direct:dead-letter-raised", "a letter that could not be told would count as told, and leave another");
    private static final List<String> STEPS = List.of("normalize", "map", "plan", "guard", "apply");
    private static final Pattern BEAN = Pattern.compile("^bean:([^?$]*)");
    private static final Pattern CRON = Pattern.compile("[?&]cron=([^&]*)");

    private final FileSet set;
    private final List<FileFault> faults = new ArrayList<>();

    RouteLint(FileSet set) {
        this.set = set;
    }

    List<FileFault> faults() {
        Map<String, String> routes = new TreeMap<>();
        set.texts().forEach((name, text) -> {
            if (name.endsWith(".camel.yaml")) {
                routes.put(name, text);
            }
        });
        Map<String, Tree> trees = new TreeMap<>();
        routes.forEach((name, text) -> Tree.read(name, text, faults::add).ifPresent(tree -> trees.put(name, tree)));
        trees.values().stream().filter(tree -> tree.items().isEmpty()).forEach(tree -> // Camel passes over what is none
                faults.add(tree.at().fault("expected a list of routes, found " + (tree.entries().isEmpty() ? "none" : "a map"), "begin each with  - route:  or take the file away")));
        trees.values().forEach(tree -> {
            Set<String> beans = new TreeSet<>(BEANS);
            tree.items().forEach(item -> item.get("beans").ifPresent(all -> all.items().forEach(bean -> bean.text("name").ifPresent(beans::add))));
            walk(tree, beans);
        });
        int before = faults.size();
        new RouteLimits(set, faults::add).check(trees.values());
        if (faults.size() > before) {
            return faults; // Camel would make the very objects
        }
        CamelLoad load = new CamelLoad(routes, trees);
        List<FileFault> camel = load.faults();
        if (!load.unread()) { // who calls whom is only known of files that say what they mean
            int called = faults.size();
            new RouteCalls(faults::add).check(trees.values());
            if (faults.size() == called) { // a target that is misspelt is told already
                new RouteWays(faults::add).check(trees.values());
            }
        }
        Set<String> told = new TreeSet<>(faults.stream().map(RouteLint::line).toList());
        camel.stream().filter(fault -> !told.contains(line(fault))).forEach(faults::add);
        return faults;
    }

    private static String line(FileFault fault) {
        return fault.file() + ":" + fault.line();
    }

    private void walk(Tree tree, Set<String> beans) {
        tree.items().forEach(item -> walk(item, beans));
        Stream.of("bean", "process", "method").flatMap(key -> tree.get(key).stream()).map(bean -> bean.get("ref").orElse(bean)).forEach(ref -> ref.asText().ifPresent(name -> ref(name, ref.at(), beans)));
        tree.get("beanName").ifPresent(bean -> bean.asText().filter(name -> !name.contains(".")).ifPresent(name -> known(name, bean.at(), beans)));
        tree.get("from").ifPresent(from -> {
            from(from);
            clock(from);
            bare(tree, from);
        });
        tree.entries().forEach((key, entry) -> {
            if (Set.of("to", "toD", "uri", "wireTap", "enrich", "pollEnrich").contains(key)) {
                entry.value().asText().ifPresent(uri -> uri(uri, entry.value().at(), beans));
            }
            if (key.equals("cron")) {
                entry.value().asText().ifPresent(cron -> cron(cron, entry.value().at()));
            }
            walk(entry.value(), beans);
        });
    }

    /** These routes hand their failures back to whoever called: a handler of their own that does nothing keeps that of all routes away. */
    private void bare(Tree route, Tree from) {
        Optional<String> why = RouteUri.of(from).map(RouteUri::plain).map(BARE::get);
        if (why.isPresent() && route.get("errorHandler").flatMap(handler -> handler.get("noErrorHandler")).isEmpty()) {
            faults.add(route.at().fault("this route needs a handler of errors that does nothing: " + why.get(), "add  errorHandler: {noErrorHandler: {}}"));
        }
    }

    /** Camel lets a clock that is told nothing go every second, for ever: an IdP would soon shut its door. */
    private void clock(Tree from) {
        String uri = from.asText().or(() -> from.text("uri")).orElse("");
        boolean told = uri.matches(".*[?&](cron|trigger[.]).*") || from.entries().values().stream().flatMap(options -> options.value().entries().keySet().stream()).anyMatch(name -> name.startsWith("cron") || name.startsWith("trigger.")); // also where either is misspelt: that is told already
        if (uri.matches("quartz(:.*)?") && !told) {
            faults.add(from.get("uri").orElse(from).at().fault("this clock has no cron, and would go every second", "add to its parameters, for example  cron: \"0 0/15 * * * ?\""));
        }
    }

    private void from(Tree from) {
        if (RouteUri.of(from).map(RouteUri::plain).filter("direct:reconcile"::equals).isEmpty() || from.get("steps").isEmpty()) { // Camel says what it is without steps
            return;
        }
        List<Tree> steps = from.get("steps").map(Tree::items).orElse(List.of());
        List<String> names = steps.stream().map(step -> step.get("bean").flatMap(bean -> bean.text("ref")).orElse("")).toList();
        int at = -1;
        for (String step : STEPS) {
            int found = names.indexOf(step);
            if (found < 0 && misspelt(step, names)) {
                continue;
            }
            if (found < 0) {
                Where where = at < 0 ? from.get("steps").orElse(from).at() : steps.get(at).at();
                faults.add(where.fault("step '" + step + "' is missing" + (at < 0 ? "" : " after '" + names.get(at) + "'"), "add  - bean: {ref: " + step + "}"));
            } else if (found < at) {
                faults.add(steps.get(found).at().fault("step '" + step + "' comes before '" + names.get(at) + "'", "the steps go " + String.join(", ", STEPS)));
            } else {
                at = found;
            }
        }
    }

    /** A step that is there in another spelling is a fault already. */
    private static boolean misspelt(String step, List<String> names) {
        return names.stream().anyMatch(name -> !STEPS.contains(name) && DidYouMean.of(name, List.of(step)).isPresent());
    }

    private void uri(String uri, Where at, Set<String> beans) {
        Matcher bean = BEAN.matcher(uri);
        if (bean.find() && !bean.group(1).contains(".")) { // a class is what the limits are about
            known(bean.group(1), at, beans);
        }
        Matcher cron = CRON.matcher(uri);
        if (uri.startsWith("quartz:") && cron.find()) {
            cron(cron.group(1).replace('+', ' '), at);
        }
    }

    /** A class by its name is what the limits are about. */
    private void ref(String written, Where at, Set<String> beans) {
        if (!written.startsWith("#class:") && !written.startsWith("#type:")) {
            known(written.replaceFirst("^#(bean:)?", "").replaceFirst("[?].*", ""), at, beans);
        }
    }

    private void known(String name, Where at, Set<String> names) {
        if (!names.contains(name)) {
            faults.add(at.fault("unknown step '" + name + "'", DidYouMean.hint(name, names)));
        }
    }

    private void cron(String cron, Where at) {
        try {
            if (new CronExpression(cron).getNextValidTimeAfter(new java.util.Date()) == null) {
                faults.add(at.fault("cron '" + cron + "' never comes again", "take a year that is still to come"));
            }
        } catch (ParseException e) {
            faults.add(at.fault("cron '" + cron + "' is none: " + e.getMessage().replaceAll("\\s+", " ").replaceFirst("\\.$", ""), "write seconds minutes hours day month weekday, for example  0 0/15 * * * ?"));
        }
    }
}
