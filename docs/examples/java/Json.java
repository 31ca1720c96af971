import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as maps, lists, texts, doubles and booleans: the JDK has no reader of its own. A whole number is a Long. */
final class Json {
    private final String text;
    private int place;

    private Json(String text) {
        this.text = text;
    }

    /** The value that {@code text} is. */
    static Object read(String text) {
        Json reader = new Json(text);
        Object found = reader.value();
        if (reader.next() != 0) throw reader.wrong("something follows");
        return found;
    }

    /** {@code value} as JSON: maps, iterables, texts, numbers, booleans, null. */
    static String write(Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Map<?, ?> map) {
            String before = "{";
            if (map.isEmpty()) out.append(before);
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                quote(out.append(before), String.valueOf(entry.getKey()));
                append(out.append(':'), entry.getValue());
                before = ",";
            }
            out.append('}');
        } else if (value instanceof Iterable<?> list) {
            String before = "[";
            if (!list.iterator().hasNext()) out.append(before);
            for (Object one : list) {
                append(out.append(before), one);
                before = ",";
            }
            out.append(']');
        } else {
            quote(out, value.toString());
        }
    }

    private static void quote(StringBuilder out, String said) {
        out.append('"');
        for (char one : said.toCharArray()) {
            if (one == '"' || one == '\\') out.append('\\').append(one);
            else if (one < ' ') out.append(String.format("\\u%04x", (int) one));
            else out.append(one);
        }
        out.append('"');
    }

    /** The next sign that is no blank; 0 at the end. */
    private char next() {
        while (place < text.length() && " \t\r\n".indexOf(text.charAt(place)) >= 0) place++;
        return place < text.length() ? text.charAt(place) : 0;
    }

    private boolean takes(char wanted) {
        if (next() != wanted) return false;
        place++;
        return true;
    }

    private Object value() {
        switch (next()) {
            case '{':
                return map();
            case '[':
                return list();
            case '"':
                return string();
            case 't':
                return word("true", Boolean.TRUE);
            case 'f':
                return word("false", Boolean.FALSE);
            case 'n':
                return word("null", null);
            default:
                return number();
        }
    }

    private Map<String, Object> map() {
        Map<String, Object> found = new LinkedHashMap<>();
        place++;
        if (takes('}')) return found;
        do {
            if (next() != '"') throw wrong("a name should stand here");
            String name = string();
            if (!takes(':')) throw wrong("a colon should stand here");
            found.put(name, value());
        } while (takes(','));
        if (!takes('}')) throw wrong("a map goes on");
        return found;
    }

    private List<Object> list() {
        List<Object> found = new ArrayList<>();
        place++;
        if (takes(']')) return found;
        do found.add(value());
        while (takes(','));
        if (!takes(']')) throw wrong("a list goes on");
        return found;
    }

    private String string() {
        StringBuilder found = new StringBuilder();
        for (place++; place < text.length(); place++) {
            char one = text.charAt(place);
            if (one == '"') {
                place++;
                return found.toString();
            }
            found.append(one == '\\' ? escaped() : one);
        }
        throw wrong("a text goes on");
    }

    private char escaped() {
        char one = text.charAt(++place);
        if (one == 'u') {
            place += 4;
            return (char) Integer.parseInt(text.substring(place - 3, place + 1), 16);
        }
        int known = "bfnrt".indexOf(one);
        return known < 0 ? one : "\b\f\n\r\t".charAt(known);
    }

    private Object word(String wanted, Object meant) {
        if (!text.startsWith(wanted, place)) throw wrong("no value begins so");
        place += wanted.length();
        return meant;
    }

    private Object number() {
        int begin = place;
        while (place < text.length() && "+-.eE0123456789".indexOf(text.charAt(place)) >= 0) place++;
        String digits = text.substring(begin, place);
        try {
            return digits.matches("-?[0-9]{1,18}") ? (Object) Long.valueOf(digits) : Double.valueOf(digits);
        } catch (NumberFormatException error) {
            throw wrong("no value begins so");
        }
    }

    private IllegalArgumentException wrong(String problem) {
        return new IllegalArgumentException("JSON, at " + place + ": " + problem);
    }
}
