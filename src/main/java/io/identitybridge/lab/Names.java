package io.identitybridge.lab;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/** Names a person would believe. */
final class Names {
    static final List<String> FIRST = List.of("Ada", "Amara", "Anders", "Aiko", "Beatriz", "Björn", "Carlos", "Chiara", "Chidi", "Claire", "Dalia", "Deniz", "Dmitri", "Elif", "Emeka", "Eszter",
            "Fatima", "Finn", "Giulia", "Hana", "Hassan", "Helga", "Hiroshi", "Ingrid", "Ivana", "Jamal", "Jun", "Kaito", "Katarzyna", "Kwame", "Lena", "Liam", "Lucía", "Magnus", "Mai", "Marek",
            "Mei", "Miguel", "Nadia", "Ngozi", "Nikhil", "Olga", "Omar", "Pedro", "Priya", "Quentin", "Rania", "Ravi", "Rosa", "Sakura", "Samir", "Sofia", "Sven", "Tariq", "Thandi", "Tomás", "Uma", "Viktor", "Wei", "Yara", "Yusuf", "Zofia");
    static final List<String> LAST = List.of("Abe", "Adeyemi", "Almeida", "Andersson", "Baker", "Bianchi", "Chen", "Costa", "Dubois", "Eriksen", "Fernández", "Fischer", "García", "Gupta", "Haddad", "Hansen",
            "Horváth", "Ito", "Ivanova", "Jansen", "Kaya", "Kim", "Kovač", "Kowalska", "Kumar", "Larsen", "Lefèvre", "Mbeki", "Mendes", "Moreau", "Müller", "Nakamura", "Nguyen", "Novák", "Nwosu", "O'Brien",
            "Okafor", "Olsen", "Park", "Patel", "Petrov", "Rao", "Rossi", "Sato", "Schmidt", "Silva", "Singh", "Tanaka", "Tran", "Virtanen", "Weber", "Wilson", "Yamada", "Yılmaz", "Zhang");

    private Names() {
    }

    /** {@code Lucía} as {@code lucia}: letters an address may have. */
    static String plain(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD).toLowerCase(Locale.ROOT).replace("ı", "i").replaceAll("[^a-z]", "");
    }
}
