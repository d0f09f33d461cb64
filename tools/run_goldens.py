#!/usr/bin/env python3
"""Runs the cases of tests/goldens with `millrace run` and compares with what real Flink gave.

Ends with: N passed, N failed, N skipped.

Each case runs at parallelism 1, or with --mode in another way whose result must be the same:
  plain        as it is
  chunk1       one row a chunk
  parallel2    two subtasks; compares the final table
  parallel3    three subtasks; compares the final table
  restore      killed (SIGKILL) behind a checkpoint when about half of the input is read, then gone on with by a new
               process: at another parallelism, where the final table is compared, and at the same one, where the
               changelog is
  sampled      for each case one of these except plain, chosen by its name
What a case cannot show in a mode is run plainly instead (see comparable()).
Cases in tests/goldens/not_yet.txt are known not to pass yet: they are skipped by name. One that passes is a failure,
so that the list only shrinks.
"""
import argparse
import concurrent.futures
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOLDENS = ROOT / "tests" / "goldens"
SECONDS_MAX = 60
MODES = ("plain", "chunk1", "parallel2", "parallel3", "restore")
RESCALES = ((1, 2), (2, 3), (3, 1), (2, 1))
TABLE_PATH = re.compile(r"'path'\s*=\s*'([^']*)'")


def find_cases(topics):
    cases = sorted(GOLDENS.glob("*/*.expected.ndjson"))
    names = [str(path.relative_to(GOLDENS)).removesuffix(".expected.ndjson") for path in cases]
    return [name for name in names if not topics or any(name == t or name.startswith(t + "/") for t in topics)]


def read_not_yet():
    path = GOLDENS / "not_yet.txt"
    if not path.exists():
        return {}
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {words[0]: " ".join(words[1:]) for words in lines if words}


def key_of(row):
    return json.dumps(row)


def final_table(rows):
    """The rows that are left after all changes."""
    table = Counter()
    for row in rows:
        table[key_of(row["row"])] += 1 if row["kind"] in ("+I", "+U") else -1
    return Counter({row: count for row, count in table.items() if count != 0})


def difference(header, expected, actual, table_only):
    """What is different, or None."""
    compare = "table" if table_only else header.get("compare", "changelog")
    if compare == "table":
        want, have = final_table(expected), final_table(actual)
    elif compare == "rows":
        want, have = (Counter(r["kind"] + key_of(r["row"]) for r in rows) for rows in (expected, actual))
    else:
        want, have = ([r["kind"] + key_of(r["row"]) for r in rows] for rows in (expected, actual))
    if want == have:
        return None
    if isinstance(want, Counter):
        missing, surplus = (dict(list(rows.items())[:3]) for rows in (want - have, have - want))
        return f"{compare}: missing {missing}, too many {surplus}"
    first = next((i for i, (a, b) in enumerate(zip(want, have)) if a != b), min(len(want), len(have)))
    pair = f"{want[first:first + 1]} against {have[first:first + 1]}"
    return f"{compare}: {len(want)} rows expected, {len(have)} came; at row {first}: {pair}"


def run_script(program, script, flags):
    command = [str(program), "run", "-", "--quiet", "--text-rows", *flags]
    return subprocess.run(command, input=script, cwd=ROOT, capture_output=True, text=True, errors="replace",
                          timeout=SECONDS_MAX, check=False)


FLAGS = {
    "plain": ["--parallelism", "1"],
    "chunk1": ["--parallelism", "1", "--chunk-rows", "1"],
    "parallel2": ["--parallelism", "2"],
    "parallel3": ["--parallelism", "3"],
}


def input_rows(script):
    """Lines of the files that the script reads; 0 when it reads none."""
    total = 0
    for path in TABLE_PATH.findall(script):
        path = Path(path.removeprefix("file://"))
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else []
        total += sum(sum(1 for line in file.open("rb") if line.strip()) for file in files)
    return total


def rows_of(done):
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"kind"')]


def failure_of(done):
    return f"exit code {done.returncode}: {' | '.join(done.stderr.strip().splitlines()[:3])}"


def run_restored(program, script, before, after, rows):
    """(rows of both lives, what went wrong), the first of which is killed behind a checkpoint after `rows` rows."""
    folder = tempfile.mkdtemp(prefix="millrace_checkpoint_")
    script = script.replace("${OUT}", folder + "/out")
    try:
        Path(folder, "out").mkdir()
        first = run_script(program, script, [
            "--parallelism", str(before), "--chunk-rows", "1", "--checkpoint-dir", folder, "--checkpoint-after-rows",
            str(rows), "--kill-after-checkpoint"])
        if first.returncode not in (0, -signal.SIGKILL):
            return [], "before the checkpoint: " + failure_of(first)
        if not list(Path(folder).glob("chk-*")):
            return rows_of(first), None  # the jobs read less than the files hold
        second = run_script(program, script, ["--parallelism", str(after), "--restore", folder])
        if second.returncode != 0:
            return [], f"restored from {before} at {after}: " + failure_of(second)
        return rows_of(first) + rows_of(second), None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_restored(program, name, script, header, expected):
    """What is wrong when the case is killed and restored; a case that reads nothing cannot be."""
    rows = input_rows(script) // 2
    ordered = header.get("compare", "changelog") != "table"
    before, after = RESCALES[zlib.crc32(name.encode()) % len(RESCALES)]
    for pair in [(before, after)] + ([(1, 1)] if ordered else []):
        actual, wrong = run_restored(program, script, *pair, rows)
        wrong = wrong or difference(header, expected, actual, pair != (1, 1))
        if wrong:
            return f"{pair[0]} to {pair[1]} after {rows} rows: {wrong}"
    return None


def comparable(mode, script, header):
    """The mode, or plain where the case shows nothing in it."""
    if mode == "restore" and (input_rows(script) < 2 or "fails" in header):
        return "plain"  # nothing that could be read half
    if mode in ("restore", "parallel2", "parallel3") and "arrival" in header:
        return "plain"  # several readers give the files in any order
    return mode


def run_case(program, name, mode):
    """What is wrong with the case, or None."""
    path = GOLDENS / (name + ".sql")
    lines = (GOLDENS / (name + ".expected.ndjson")).read_text(encoding="utf-8").splitlines()
    header, expected = json.loads(lines[0]), [json.loads(line) for line in lines[1:]]
    out = tempfile.mkdtemp(prefix="millrace_golden_")
    template = path.read_text(encoding="utf-8").replace("${DIR}", str(path.parent))
    try:
        mode = comparable(mode, template, header)
        if mode == "restore":
            return check_restored(program, name, template, header, expected)
        done = run_script(program, template.replace("${OUT}", out), FLAGS[mode])
    except subprocess.TimeoutExpired:
        return f"did not end within {SECONDS_MAX} s"
    finally:
        shutil.rmtree(out, ignore_errors=True)
    error = done.stderr.strip().splitlines()
    if "fails" in header:
        code = next((line.split()[-1] for line in error if line.strip().startswith("code:")), "none")
        if done.returncode == 1 and code.endswith(".unsupported"):
            return f"refused only because it is not there yet ({code})"
        if done.returncode == 1 and code != "none":
            return None
        return f"must be refused, but ended with exit code {done.returncode} {error[:1]}"
    if done.returncode != 0:
        return failure_of(done)
    # Which of two files is read first is chance here, so that only the final table of such cases is compared.
    return difference(header, expected, rows_of(done), mode.startswith("parallel") or "arrival" in header)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("topics", nargs="*", help="topics or cases; all when none is given")
    parser.add_argument("--millrace", default=ROOT / "build/release/bin/millrace", type=Path)
    parser.add_argument("--mode", choices=(*MODES, "sampled"), default="plain")
    parser.add_argument("--list-failing", action="store_true", help="print what fails in the form of not_yet.txt")
    arguments = parser.parse_args()
    not_yet = read_not_yet()
    names = find_cases(arguments.topics)

    def check(name):
        mode = arguments.mode
        if mode == "sampled":
            mode = MODES[1 + zlib.crc32(name.encode()) % (len(MODES) - 1)]
        return name, mode, run_case(arguments.millrace, name, mode)

    passed = failed = skipped = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, mode, wrong in pool.map(check, names):
            if arguments.list_failing:
                if wrong is not None:
                    print(f"{name}  {wrong[:200]}")
                continue
            if name in not_yet:
                if wrong is None and mode == "plain":
                    print(f"FAILED {name} [{mode}]: passes now; take it off tests/goldens/not_yet.txt")
                    failed += 1
                else:
                    print(f"SKIPPED {name}: not yet ({not_yet[name][:100]})")
                    skipped += 1
            elif wrong is None:
                passed += 1
            else:
                print(f"FAILED {name} [{mode}]: {wrong}")
                failed += 1
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
