#!/usr/bin/env python3
"""`millrace sql` on a pseudo-terminal and in a pipe. No test waits for a time, only for what must be shown."""
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import cases  # noqa: E402
from terminal import Terminal  # noqa: E402

PROMPT = "millrace> "
MORE = "        > "
ENDLESS = "CREATE TABLE g (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1000', 'fields.n.kind' = " \
          "'sequence', 'fields.n.start' = '1', 'fields.n.end' = '100000000');"


def open_shell(program, folder, *arguments):
    environment = dict(os.environ, HOME=str(folder), TERM="xterm", LANG="C.UTF-8")
    for name in ("XDG_STATE_HOME", "MILLRACE_HISTORY"):
        environment.pop(name, None)
    shell = Terminal([str(program), "sql", *arguments], environment)
    return shell


def pipe(program, folder, text, *arguments):
    return subprocess.run([str(program), "sql", *arguments], input=text, capture_output=True, text=True, cwd=folder,
                          timeout=60, check=False)


def test_statements_over_several_lines_share_a_session(program, folder):
    shell = open_shell(program, folder)
    shell.expect(PROMPT)
    shell.type("CREATE VIEW v AS\n")
    shell.expect(MORE)
    shell.type("SELECT * FROM (VALUES ('a;b', 1), ('c', 2)) AS t(k, n); -- done;\n")
    shell.expect("OK")
    shell.expect(PROMPT)
    shell.type("SELECT k, n * 10 AS m FROM v WHERE k = 'a;b';\n")
    shown = shell.expect("1 row in set")
    assert "| k   |  m |" in shown and "| a;b | 10 |" in shown, shown
    shell.expect(PROMPT)
    shell.type("SHOW VIEWS;\n")
    assert "| v " in shell.expect("1 row in set")
    shell.type("quit\n")
    assert shell.end() == 0


def test_an_error_shows_its_place_and_the_shell_goes_on(program, folder):
    shell = open_shell(program, folder)
    shell.expect(PROMPT)
    shell.type("SELECT nothing FROM (VALUES 1) AS t(a);\n")
    shown = shell.expect("^^^^^^^")
    assert "error:" in shown and "nothing" in shown, shown
    shell.expect(PROMPT)
    shell.type("SELECT 7 AS seven;\n")
    shell.expect(" 7 |")
    shell.expect(PROMPT)
    shell.type("quit\n")
    assert shell.end() == 0


def test_a_query_is_redrawn_in_place_and_ctrl_c_stops_only_it(program, folder):
    shell = open_shell(program, folder)
    shell.expect(PROMPT)
    shell.type(ENDLESS + "\n")
    shell.expect("OK")
    shell.type("SELECT MOD(n, 2) AS parity, COUNT(*) AS c FROM g GROUP BY MOD(n, 2);\n")
    shell.expect("Ctrl-C stops")
    shell.expect("Ctrl-C stops")  # drawn a second time, in the place of the first
    assert "\x1b[6A" in shell.raw or "\x1b[7A" in shell.raw, repr(shell.raw[-600:])
    shell.interrupt()
    shown = shell.expect("cancelled after")
    assert "2 rows in set" in shown, shown
    shell.expect(PROMPT)
    shell.type("SELECT 1 AS uno;\n")
    shell.expect(" 1 |")
    shell.type("EXIT;\n")
    assert shell.end() == 0


def test_changelog_mode_shows_every_change(program, folder):
    shell = open_shell(program, folder)
    shell.expect(PROMPT)
    shell.type("SET 'sql-client.execution.result-mode' = 'changelog';\n")
    shell.expect("OK")
    shell.type("SELECT k, SUM(n) AS s FROM (VALUES ('a', 1), ('a', 2)) AS t(k, n) GROUP BY k;\n")
    shown = shell.expect("Received a total of 3 rows")
    assert [line[2:4] for line in shown.splitlines() if line.startswith(("| +", "| -"))] == ["+I", "-U", "+U"], shown
    shell.type("SET 'sql-client.execution.result-mode' = 'tables';\n")
    shell.expect("must be 'table', 'changelog' or 'tableau'")
    shell.type("QUIT;\n")
    assert shell.end() == 0


def test_ctrl_c_drops_what_was_typed(program, folder):
    shell = open_shell(program, folder)
    shell.expect(PROMPT)
    shell.type("SELECT 'never\n")
    shell.expect(MORE)
    shell.type("more")
    shell.expect("more")
    shell.interrupt()
    shell.expect(PROMPT)
    shell.type("SELECT 5 AS five;\n")
    shell.expect(" 5 |")
    shell.type("QUIT;\n")
    assert shell.end() == 0


def test_history_lasts_from_shell_to_shell(program, folder):
    shell = open_shell(program, folder)
    shell.expect(PROMPT)
    shell.type("SELECT 41 + 1 AS answer;\n")
    shell.expect(" 42 |")
    shell.type("QUIT;\n")
    assert shell.end() == 0
    assert "SELECT" in (folder / ".millrace_history").read_text(encoding="utf-8")
    shell = open_shell(program, folder)
    shell.expect(PROMPT)
    shell.type("\x1b[A\x1b[A")  # over QUIT to the query
    shell.expect("AS answer;")
    shell.type("\n")
    shell.expect(" 42 |")
    shell.type("QUIT;\n")
    assert shell.end() == 0


def test_init_script_comes_first_and_help_explains(program, folder):
    (folder / "init.sql").write_text("CREATE VIEW three AS SELECT 3 AS x;\n", encoding="utf-8")
    shell = open_shell(program, folder, "-i", str(folder / "init.sql"))
    shell.expect(PROMPT)
    shell.type("HELP;\n")
    shell.expect("sql-client.execution.result-mode")
    shell.expect(PROMPT)
    shell.type("SELECT x FROM three;\n")
    shell.expect(" 3 |")
    shell.type("QUIT;\n")
    assert shell.end() == 0


def test_a_pipe_gives_plain_rows(program, folder):
    done = pipe(program, folder, "CREATE VIEW v AS SELECT 1 AS a;\nSELECT a,\n  a + 1 FROM v;\nSELECT 'x;y'")
    assert (done.returncode, done.stdout) == (0, "+I[1, 2]\n+I[x;y]\n"), done


def test_a_pipe_gives_json(program, folder):
    done = pipe(program, folder, "SELECT 1 AS a, 'x' AS b;", "--json")
    assert json.loads(done.stdout) == {"op": "+I", "row": {"a": 1, "b": "x"}}, done


def test_a_pipe_stops_at_the_first_error(program, folder):
    done = pipe(program, folder, "SELECT 1;\nSELECT nothing;\nSELECT 3;\n")
    assert done.returncode == 1 and done.stdout == "+I[1]\n" and "^^^^" in done.stderr, done


def test_a_file_is_run_and_left(program, folder):
    (folder / "job.sql").write_text("SET 'x.y' = '1';\nSELECT 2;\nSELECT oops;\n", encoding="utf-8")
    done = pipe(program, folder, "", "-f", "job.sql")
    assert done.returncode == 1 and done.stdout == "+I[2]\n" and "job.sql:3:8" in done.stderr, done
    done = pipe(program, folder, "", "-f", "missing.sql")
    assert done.returncode == 2 and "missing.sql" in done.stderr, done


def test_a_statement_set_is_one_statement(program, folder):
    sql = "CREATE TABLE p (a INT) WITH ('connector' = 'print');\nEXECUTE STATEMENT SET BEGIN\n" \
          "INSERT INTO p SELECT 1;\nINSERT INTO p SELECT 2;\nEND;\n" \
          "BEGIN STATEMENT SET;\nINSERT INTO p SELECT 3;\nEND;\n"
    done = pipe(program, folder, sql)
    assert done.returncode == 0 and sorted(done.stdout.split()) == ["+I[1]", "+I[2]", "+I[3]"], done


if __name__ == "__main__":
    sys.exit(cases.run(globals().copy(), Path(sys.argv[1]).resolve()))
