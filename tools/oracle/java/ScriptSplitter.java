import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts a script into statements at ';'. Quotes, back-ticks, comments and STATEMENT SET BEGIN ... END blocks (also with
 * CASE ... END in them) are respected. Comments become blanks, so that line numbers in errors stay; hints stay.
 */
final class ScriptSplitter {
    private final String script;
    private final List<String> statements = new ArrayList<>();
    private StringBuilder text = new StringBuilder();
    private String beforeLast = "";
    private String last = "";
    private boolean inBlock;
    private int openCases;

    private ScriptSplitter(String script) {
        this.script = script;
    }

    static List<String> split(String script) {
        ScriptSplitter splitter = new ScriptSplitter(script);
        for (int at = 0; at < script.length(); ) {
            at = splitter.step(at);
        }
        splitter.finishStatement();
        return splitter.statements;
    }

    /** Takes one token that begins at `at`; gives where the next one begins. */
    private int step(int at) {
        char c = script.charAt(at);
        if (c == '\'' || c == '`' || c == '"') {
            int end = script.indexOf(c, at + 1); // a doubled quote reads as two neighbours, which is just as well
            end = end < 0 ? script.length() : end + 1;
            text.append(script, at, end);
            return end;
        }
        if (script.startsWith("--", at)) {
            int end = script.indexOf('\n', at);
            return end < 0 ? script.length() : end;
        }
        if (script.startsWith("/*", at) && !script.startsWith("/*+", at)) {
            int end = script.indexOf("*/", at + 2);
            end = end < 0 ? script.length() : end + 2;
            text.append(' ').append(script.substring(at, end).replaceAll("[^\n]", ""));
            return end;
        }
        if (Character.isLetter(c) || c == '_') {
            int end = at + 1;
            while (end < script.length()
                    && (Character.isLetterOrDigit(script.charAt(end)) || script.charAt(end) == '_')) {
                end++;
            }
            text.append(script, at, end);
            word(script.substring(at, end).toUpperCase(Locale.ROOT));
            return end;
        }
        if (c == ';' && !inBlock) {
            if (text.toString().replaceAll("\\s+", " ").trim().equalsIgnoreCase("BEGIN STATEMENT SET")) {
                text = new StringBuilder("EXECUTE STATEMENT SET BEGIN "); // the SQL client's older form
                inBlock = true;
            } else {
                finishStatement();
            }
            return at + 1;
        }
        text.append(c);
        return at + 1;
    }

    private void word(String word) {
        if (word.equals("BEGIN") && beforeLast.equals("STATEMENT") && last.equals("SET")) {
            inBlock = true;
        } else if (inBlock && word.equals("CASE")) {
            openCases++;
        } else if (inBlock && word.equals("END") && openCases > 0) {
            openCases--;
        } else if (inBlock && word.equals("END")) {
            inBlock = false;
        }
        beforeLast = last;
        last = word;
    }

    private void finishStatement() {
        if (!text.toString().isBlank()) {
            statements.add(text.toString().trim());
        }
        text = new StringBuilder();
    }
}
