import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes rows and statement summaries, one JSON object a line. */
final class NdjsonWriter implements AutoCloseable {
    private final Writer out;

    private NdjsonWriter(OutputStream raw) {
        out = new BufferedWriter(new OutputStreamWriter(raw, StandardCharsets.UTF_8), 1 << 16);
    }

    /** Opens a file, or standard output for the name "-". */
    static NdjsonWriter open(String file, OutputStream standardOutput) throws IOException {
        return new NdjsonWriter(file.equals("-") ? standardOutput : new FileOutputStream(file));
    }

    void row(int statement, String kind, String[] fields) throws IOException {
        StringBuilder line = new StringBuilder("{\"statement\":").append(statement)
                .append(",\"kind\":\"").append(kind).append("\",\"row\":[");
        for (int i = 0; i < fields.length; i++) {
            append(i > 0 ? line.append(',') : line, fields[i]);
        }
        out.append(line.append("]}\n"));
    }

    /** Writes key, value, key, value ... as one object, leaving out pairs whose value is null. */
    void object(Object... pairs) throws IOException {
        StringBuilder line = new StringBuilder("{");
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i + 1] != null) {
                append(line.append(line.length() > 1 ? "," : ""), pairs[i]);
                append(line.append(':'), pairs[i + 1]);
            }
        }
        out.append(line.append("}\n"));
    }

    void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.flush();
    }

    private static void append(StringBuilder line, Object value) {
        if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long) {
            line.append(value);
        } else if (value instanceof Double) {
            line.append(String.format(Locale.ROOT, "%.3f", value));
        } else if (value instanceof List) {
            line.append('[');
            String separator = "";
            for (Object item : (List<?>) value) {
                append(line.append(separator), item);
                separator = ",";
            }
            line.append(']');
        } else if (value instanceof Map) {
            line.append('{');
            String separator = "";
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                append(line.append(separator), entry.getKey());
                append(line.append(':'), entry.getValue());
                separator = ",";
            }
            line.append('}');
        } else {
            text(line, value.toString());
        }
    }

    private static void text(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                line.append(String.format("\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        line.append('"');
    }
}
