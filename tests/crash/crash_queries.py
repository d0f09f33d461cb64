#!/usr/bin/env python3
"""Kills every Nexmark query in its middle, and goes on with another process at another parallelism.

  crash_queries.py [--queries q0 q5 ...]        ends with "N passed, N failed"

Each query runs once as it is, and then in two lives over the same file: the first is killed (SIGKILL) as soon as the
checkpoint that it takes in the middle of its input is complete, the second goes on from the checkpoint. The changes
of both lives together must leave the table that the whole run leaves.
"""
import argparse
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import run_goldens  # noqa: E402

NEXMARK = ROOT / "bench" / "nexmark"
RESCALES = ((1, 2), (2, 1), (3, 2))
EVENTS = {"q23": 60_000}  # fewer have no bidder who sells, too
USUAL_EVENTS = 6000
SINK = re.compile(r"CREATE TABLE nexmark_q\d+.*?;\s*INSERT INTO nexmark_q\d+\s", re.DOTALL)


def text_of(name, values):
    text = (NEXMARK / name).read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace("${%s}" % key, value)
    return text


def script_of(query, data):
    """The query's rows instead of its INSERT."""
    select, replaced = SINK.subn("", text_of(f"queries/{query}.sql", {}))
    assert replaced == 1, query
    parts = text_of("source_files.sql", {"DATA_DIR": str(data)}), text_of("views.sql", {"NEXMARK_TABLE": "datagen"})
    return ";\n".join((*parts, select))


def data_of(program, folder, events):
    """A folder with a file of that many events, made once."""
    data = folder / str(events)
    if not data.exists():
        script = text_of("make_data.sql", {"EVENTS": str(events), "OUT": str(data)})
        made = run_goldens.run_script(program, script, ["--parallelism", "1"])
        assert made.returncode == 0, run_goldens.failure_of(made)
    return data


def check(program, query, data, rows):
    """What is wrong with the query when it is killed, or None."""
    script = script_of(query, data)
    whole = run_goldens.run_script(program, script, ["--parallelism", "1"])
    if whole.returncode != 0:
        return "as it is: " + run_goldens.failure_of(whole)
    expected = run_goldens.rows_of(whole)
    if not expected:
        return "it gives no rows"
    for before, after in RESCALES:
        actual, wrong = run_goldens.run_restored(program, script, before, after, rows)
        wrong = wrong or run_goldens.difference({}, expected, actual, True)
        if wrong:
            return f"killed at parallelism {before}, gone on with at {after}: {wrong}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millrace", type=Path, default=ROOT / "build" / "release" / "bin" / "millrace")
    parser.add_argument("--queries", nargs="+", metavar="qN")
    arguments = parser.parse_args()
    queries = arguments.queries or [path.stem for path in sorted((NEXMARK / "queries").glob("q*.sql"))]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="millrace_nexmark_") as name:
        for query in queries:
            events = EVENTS.get(query, USUAL_EVENTS)
            data = data_of(arguments.millrace, Path(name), events)
            wrong = check(arguments.millrace.resolve(), query, data, events // 2)
            failed += wrong is not None
            print(f"ok    {query}" if wrong is None else f"FAILED {query}: {wrong}", flush=True)
    print(f"{len(queries) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
