#!/usr/bin/env python3
"""Restores the snapshots that earlier versions made.

  savepoints.py              ends with "N passed, N failed"
  savepoints.py --make       adds a folder for the present snapshot format, where there is none

Each folder FORMAT/TOPIC/CASE holds the snapshot of a case of tests/goldens, taken in the middle of its input, and in
rows.ndjson the rows that had come out before. The present program goes on from it, at another parallelism, and both
parts together must be what real Flink gave. Snapshots are never changed: what a version could write, every later one
must read. --make takes as few cases as hold every state of every operator that the goldens know.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import run_goldens  # noqa: E402

FORMAT = 1
PARALLELISM_BEFORE = 2


def script_and_result(name):
    lines = (run_goldens.GOLDENS / (name + ".expected.ndjson")).read_text(encoding="utf-8").splitlines()
    # Positions in files name them as the script does: from the root of the checkout.
    folder = (run_goldens.GOLDENS / name).parent.relative_to(ROOT)
    script = (run_goldens.GOLDENS / (name + ".sql")).read_text(encoding="utf-8").replace("${DIR}", str(folder))
    return script, json.loads(lines[0]), [json.loads(line) for line in lines[1:]]


def restore(program, name, snapshot):
    """What is wrong, or None."""
    script, header, expected = script_and_result(name)
    rows = [json.loads(line) for line in (snapshot / "rows.ndjson").read_text(encoding="utf-8").splitlines()]
    for parallelism in (1, 3):
        done = run_goldens.run_script(program, script, ["--parallelism", str(parallelism), "--restore", str(snapshot)])
        if done.returncode != 0:
            return f"at parallelism {parallelism}: {run_goldens.failure_of(done)}"
        wrong = run_goldens.difference(header, expected, rows + run_goldens.rows_of(done), True)
        if wrong:
            return f"at parallelism {parallelism}: {wrong}"
    return None


def take(program, name, folder):
    """Takes a snapshot into `folder`; the states in it, as (kind of operator, state)."""
    script, header, _ = script_and_result(name)
    rows = run_goldens.input_rows(script)
    # What writes files or depends on the order of arrival cannot be told in two parts.
    if rows < 2 or "fails" in header or "arrival" in header or "${OUT}" in script:
        return set()
    done = run_goldens.run_script(program, script, [
        "--parallelism", str(PARALLELISM_BEFORE), "--chunk-rows", "1", "--checkpoint-dir", str(folder),
        "--checkpoint-after-rows", str(rows // 2), "--stop-after-checkpoint"])
    made = list(folder.glob("chk-*/MANIFEST"))
    if done.returncode != 0 or not made:
        return set()
    shown = subprocess.run([str(program), "savepoint", "show", str(made[0].parent), "--json"], capture_output=True,
                           text=True, check=True)
    (made[0].parent / "rows.ndjson").write_text("".join(json.dumps(row) + "\n" for row in run_goldens.rows_of(done)),
                                                encoding="utf-8")
    return {(state["operator"].split(":")[0].split("#")[0], state["state"], state["records"] > 1)
            for state in json.loads(shown.stdout)["states"]}


def make(program):
    target = HERE / str(FORMAT)
    assert not target.exists(), f"{target} is there; snapshots are never changed"
    with tempfile.TemporaryDirectory(prefix="millrace_savepoints_") as scratch:
        found = {}
        for name in run_goldens.find_cases([]):
            if name in run_goldens.read_not_yet():
                continue
            folder = Path(scratch) / name
            folder.mkdir(parents=True)
            states = take(program, name, folder)
            snapshots = list(folder.glob("chk-*"))
            if states and restore(program, name, snapshots[0]) is None:
                found[name] = (states, snapshots[0])
        missing = set().union(*(states for states, _ in found.values()))
        while missing:
            name = max(sorted(found), key=lambda case: len(found[case][0] & missing))
            states, snapshot = found[name]
            shutil.copytree(snapshot, target / name)
            missing -= states
            print(f"{name}: {', '.join(sorted({operator for operator, _, _ in states}))}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millrace", type=Path, default=ROOT / "build" / "release" / "bin" / "millrace")
    parser.add_argument("--make", action="store_true")
    arguments = parser.parse_args()
    program = arguments.millrace.resolve()
    os.chdir(ROOT)
    if arguments.make:
        return make(program)
    outcomes = Counter()
    for manifest in sorted(HERE.glob("*/*/*/MANIFEST")):
        snapshot = manifest.parent
        name = str(snapshot.relative_to(HERE).relative_to(snapshot.relative_to(HERE).parts[0]))
        wrong = restore(program, name, snapshot)
        outcomes["failed" if wrong else "passed"] += 1
        if wrong:
            print(f"FAILED {snapshot.relative_to(HERE)}: {wrong}")
    print(f"{outcomes['passed']} passed, {outcomes['failed']} failed")
    return 1 if outcomes["failed"] or not outcomes["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
