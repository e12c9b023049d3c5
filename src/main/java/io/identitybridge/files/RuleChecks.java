package io.identitybridge.files;

import io.identitybridge.model.FileFault;
import io.identitybridge.model.Organisation;
import io.identitybridge.model.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether each rule under {@code workspaces} is one of the three kinds, and no group gives two roles by its name. */
record RuleChecks(Tree mapping, Organisation.Pattern pattern, Consumer<FileFault> faults) {
    private static final Pattern BRACES = Pattern.compile("\\{([^{}]*)}");

    void run() {
        Map<String, Tree> byName = new HashMap<>();
        for (Tree rule : mapping.get("workspaces").map(Tree::items).orElse(List.of())) {
            if (rule instanceof Tree.Branch && rule.get("group").isPresent() == rule.get("when").isPresent()) {
                faults.accept(rule.at().fault("a rule has either group or when", "write  - group: pattern,  - group: <name>  or  - when: <expression>"));
            } else if (rule.get("when").isPresent()) {
                needs(rule, "a rule with when");
            } else {
                rule.text("group").ifPresent(group -> group(rule, group, byName));
            }
        }
    }

    private void group(Tree rule, String group, Map<String, Tree> byName) {
        if (group.equals("pattern") || group.contains("{")) {
            byPattern(rule, group);
            return;
        }
        needs(rule, "a group by its name");
        Where at = rule.get("group").orElse(rule).at();
        if (matches(group)) {
            faults.accept(at.fault("'" + group + "' is a group of portkey.yaml's pattern, which says its workspace and role already", "take this rule away"));
        }
        Tree before = byName.putIfAbsent(group, rule);
        if (before != null && !before.text("role").equals(rule.text("role"))) {
            faults.accept(at.fault("group '" + group + "' gives " + rule.text("role").orElse("?") + " here and " + before.text("role").orElse("?")
                    + " in line " + before.at().line() + ": one group gives one role", "give it the same role, or make a second group"));
        }
    }

    private void byPattern(Tree rule, String group) {
        rule.get("workspaces").ifPresent(workspaces -> faults.accept(workspaces.at().fault("a pattern says its workspace itself", "take workspaces away")));
        boolean says = group.equals("pattern") || group.contains("{role}");
        Tree at = rule.get("group").orElse(rule);
        if (says && rule.get("role").isPresent()) {
            faults.accept(rule.get("role").get().at().fault("the pattern says the role itself", "take role away"));
        }
        if (!says && rule.get("role").isEmpty()) {
            faults.accept(at.at().fault("the pattern has no {role}, and no role is given", "add role: member (or manager, admin)"));
        }
        Matcher braces = BRACES.matcher(group);
        boolean misspelt = false;
        while (braces.find()) {
            misspelt |= !Set.of("workspace", "role").contains(braces.group(1));
            Findings.known("part", braces.group(1), at.at(), Set.of("workspace", "role"), faults);
        }
        if (!misspelt && !group.equals("pattern") && !group.contains("{workspace}")) {
            faults.accept(at.at().fault("the pattern has no {workspace}", "write for example ai.{workspace}.{role}"));
        }
    }

    private void needs(Tree rule, String kind) {
        for (String key : List.of("workspaces", "role")) {
            if (rule.get(key).isEmpty()) {
                faults.accept(rule.at().fault(kind + " needs " + key, key.equals("role") ? "add role: member (or manager, admin)" : "add workspaces: [<name>]"));
            }
        }
    }

    private boolean matches(String group) {
        int separator = group.lastIndexOf(pattern.separator());
        return group.startsWith(pattern.prefix()) && separator > pattern.prefix().length()
                && Role.of(group.substring(separator + pattern.separator().length())).isPresent();
    }
}
