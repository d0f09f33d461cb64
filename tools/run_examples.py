#!/usr/bin/env python3
"""Runs every example and compares what it prints with the file beside it; ends with: N passed, N failed.

examples/NAME/NAME.sql is run from the checkout's root, as its header says, and its standard output compared with
examples/NAME/expected.txt: line by line when the script sorts its result (the words ORDER BY), else in any order, for
rows of one window or join come in none. The expected lines are real Flink's: --from-flink makes them anew.
"""
import argparse
import difflib
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS_MAX = 60


def find_examples(names):
    found = [path for path in sorted(ROOT.glob("examples/*/*.sql")) if path.stem == path.parent.name]
    return [path for path in found if not names or path.stem in names]


def is_ordered(script):
    return re.search(r"\bORDER BY\b", script.read_text(encoding="utf-8")) is not None


def compare(expected, printed, ordered):
    """The difference as text; empty when there is none."""
    expected, printed = expected.splitlines(), printed.splitlines()
    if not ordered:
        expected, printed = sorted(expected), sorted(printed)
    return "\n".join(difflib.unified_diff(expected, printed, "expected", "printed", lineterm="", n=1))


def run_example(program, script):
    """What is wrong with it, or None."""
    command = [str(program), "run", str(script.relative_to(ROOT))]
    try:
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="replace", timeout=SECONDS_MAX, check=False)
    except subprocess.TimeoutExpired:
        return f"did not end within {SECONDS_MAX} s"
    if done.returncode != 0:
        return f"exit code {done.returncode}\n{done.stderr.strip()[-2000:]}"
    expected = script.with_name("expected.txt").read_text(encoding="utf-8")
    return compare(expected, done.stdout, is_ordered(script)) or None


def java_text(value, column_type):
    """A value as a Java Row prints it, which is what the sink `print` and `millrace run` write."""
    if value is None:
        return "null"
    if not column_type.startswith("TIMESTAMP"):
        return value
    day, time = value.split(" ")
    minutes, seconds, fraction = time[:5], time[6:8], time[9:].rstrip("0")
    fraction = fraction.ljust(-(-len(fraction) // 3) * 3, "0")
    if seconds == "00" and not fraction:
        return f"{day}T{minutes}"
    return f"{day}T{minutes}:{seconds}" + (f".{fraction}" if fraction else "")


def flink_lines(script):
    """The lines that `millrace run` has to print, from real Flink: rows of a SELECT, and those of the sink `print`."""
    command = [sys.executable, str(ROOT / "tools/oracle/oracle.py"), "run", str(script), "--parallelism", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    lines, rows = [], []
    for line in (done.stdout + done.stderr).splitlines():
        if re.match(r"[+-][IUD]\[", line):
            lines.append(line)
        if not line.startswith("{"):
            continue
        entry = json.loads(line)
        if "row" in entry:
            rows.append(entry)
            continue
        for row in rows if entry.get("job") else []:
            values = [java_text(value, kind) for value, kind in zip(row["row"], entry["types"])]
            lines.append(f"{row['kind']}[{', '.join(values)}]")
        rows = []
    return lines if is_ordered(script) else sorted(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", nargs="?", type=Path, default=ROOT / "build/release/bin/millrace")
    parser.add_argument("--example", action="append", help="only this one (may be repeated)")
    parser.add_argument("--from-flink", action="store_true", help="write expected.txt anew with ./dev oracle run")
    arguments = parser.parse_args()
    passed = failed = 0
    for script in find_examples(arguments.example):
        if arguments.from_flink:
            script.with_name("expected.txt").write_text("\n".join(flink_lines(script)) + "\n", encoding="utf-8")
            continue
        problem = run_example(arguments.program.resolve(), script)
        print(f"{script.stem}: {'FAILED: ' + problem if problem else 'as expected'}", flush=True)
        passed, failed = passed + (not problem), failed + bool(problem)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or (passed == 0 and not arguments.from_flink) else 0


if __name__ == "__main__":
    sys.exit(main())
