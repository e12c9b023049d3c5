package io.identitybridge.check;

import io.identitybridge.files.DidYouMean;
import io.identitybridge.files.Tree;
import io.identitybridge.files.Where;
import io.identitybridge.model.FileFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;

/** What Camel says of a route, told as the other faults are: the place of the word that is wrong, and what was meant. */
final class CamelFaults {
    private static final Pattern MARK = Pattern.compile("line[: ]+(\\d+)(?:,? column[: ]+(\\d+))?");
    private static final Pattern KEY = Pattern.compile("(?:Unsupported field|Unknown node id|Unknown expression with id): (\\S+)");
    private static final Pattern OPTIONS = Pattern.compile("Unknown parameters=\\[\\{(.*)}]");
    private static final int LONGEST = 300;

    private final Map<String, String> texts;
    private final Map<String, Tree> trees;

    CamelFaults(Map<String, String> texts, Map<String, Tree> trees) {
        this.texts = texts;
        this.trees = trees;
    }

    /** @param file the one that was read or built; what is wrong may stand in another, whose configuration holds there */
    List<FileFault> of(String file, Exception thrown) {
        List<Throwable> causes = Stream.iterate((Throwable) thrown, cause -> cause != null, Throwable::getCause).limit(20).toList();
        String message = String.valueOf(causes.getLast().getMessage());
        Matcher key = KEY.matcher(message);
        if (key.find()) {
            String word = key.group(1);
            Where at = place(file, word).or(() -> mark(file, message)).orElse(new Where(file, 1, 1));
            return List.of(CamelWords.keys().contains(word) ? at.fault("'" + word + "' has no place here", "move it, as the Camel YAML DSL's reference says; steps stand below from")
                    : at.fault("unknown key '" + word + "'", meant(word, CamelWords.keys())));
        }
        for (Throwable cause : causes.reversed()) {
            List<FileFault> faults = known(file, cause);
            if (!faults.isEmpty()) {
                return faults;
            }
        }
        Optional<String> route = causes.stream().filter(FailedToCreateRouteException.class::isInstance).map(cause -> ((FailedToCreateRouteException) cause).getRouteId()).findFirst();
        return List.of(mark(file, message).or(() -> route.flatMap(id -> place(file, id))).orElse(new Where(file, 1, 1))
                .fault("Camel does not take this route: " + firstLine(message), "see the Camel YAML DSL's reference"));
    }

    private List<FileFault> known(String file, Throwable cause) {
        return switch (cause) {
            case NoSuchEndpointException endpoint -> {
                String scheme = endpoint.getUri().split(":", 2)[0];
                yield List.of(at(file, scheme + ":").fault("no component '" + scheme + "'", DidYouMean.hint(scheme, CamelWords.schemes())));
            }
            case ResolveEndpointFailedException endpoint -> options(file, endpoint);
            case SimpleIllegalSyntaxException simple -> List.of(simple(file, simple));
            case NoSuchBeanException bean -> List.of(at(file, bean.getName()).fault("no bean '" + bean.getName() + "'", DidYouMean.hint(bean.getName(), RouteLint.BEANS)));
            case ClassNotFoundException none -> List.of(at(file, none.getMessage()).fault("no class '" + none.getMessage() + "'", meant(none.getMessage(), CamelWords.EXCEPTIONS)));
            case TypeConversionException value -> List.of(at(file, String.valueOf(value.getValue())).fault("'" + value.getValue() + "' is no " + value.getToType().getSimpleName(), enumerated(value)));
            default -> List.of();
        };
    }

    private List<FileFault> options(String file, ResolveEndpointFailedException endpoint) {
        Matcher unknown = OPTIONS.matcher(endpoint.getMessage());
        String scheme = endpoint.getUri().split(":", 2)[0];
        List<FileFault> faults = new ArrayList<>();
        for (String option : unknown.find() ? unknown.group(1).split(", ") : new String[0]) {
            String name = option.split("=", 2)[0];
            faults.add(at(file, name).fault("'" + scheme + "' has no option '" + name + "'", DidYouMean.hint(name, CamelWords.options(scheme))));
        }
        return faults;
    }

    private FileFault simple(String file, SimpleIllegalSyntaxException simple) {
        String text = String.valueOf(simple.getExpression());
        String why = String.valueOf(simple.getShortMessage());
        if (why.startsWith("Unknown function: ")) {
            String function = why.substring("Unknown function: ".length());
            String name = function.split("[.:\\[(]", 2)[0];
            return at(file, "${" + function).fault("Simple has no function '" + name + "'", meant(name, CamelWords.FUNCTIONS));
        }
        boolean open = why.contains("functionEnd");
        return at(file, open ? text.substring(Math.max(0, unclosed(text))) : text).fault("in '" + text + "': " + (open ? "a ${ is not closed" : why),
                open ? "close it by }" : "see Camel's Simple language");
    }

    /** Where the first {@code ${} stands that meets another before its end, or none. */
    private static int unclosed(String text) {
        for (int at = text.indexOf("${"); at >= 0; at = text.indexOf("${", at + 2)) {
            int end = text.indexOf('}', at);
            int next = text.indexOf("${", at + 2);
            if (end < 0 || next >= 0 && next < end) {
                return at;
            }
        }
        return text.indexOf("${");
    }

    private static String enumerated(TypeConversionException value) {
        Object[] names = value.getToType().getEnumConstants();
        return names == null ? "write it as " + value.getToType().getSimpleName() : DidYouMean.hint(String.valueOf(value.getValue()), Stream.of(names).map(Object::toString).toList());
    }

    private static String meant(String written, Set<String> known) {
        return DidYouMean.of(written, known).map(word -> "did you mean '" + word + "'?").orElse("see the Camel YAML DSL's reference");
    }

    private Where at(String file, String word) {
        return place(file, word).orElse(new Where(file, 1, 1));
    }

    /** The key or the value with that word, in this file or else in another one. */
    private Optional<Where> place(String file, String word) {
        return Stream.concat(Stream.of(file), trees.keySet().stream()).filter(trees::containsKey)
                .flatMap(name -> Words.in(trees.get(name), word, texts.get(name).lines().toList()).stream()).findFirst();
    }

    private static Optional<Where> mark(String file, String message) {
        Matcher mark = MARK.matcher(message);
        return mark.find() ? Optional.of(new Where(file, Integer.parseInt(mark.group(1)), mark.group(2) == null ? 1 : Integer.parseInt(mark.group(2)))) : Optional.empty();
    }

    private static String firstLine(String message) {
        String first = message.lines().findFirst().orElse("");
        return first.length() > LONGEST ? first.substring(0, LONGEST) : first;
    }
}
