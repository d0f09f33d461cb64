#!/usr/bin/env python3
"""Follows docs/how_to_add.md with ./dev new in a copy of this checkout: it must build, pass, and be tidy."""
import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = "docs/how_to_add.md"
# kind → (arguments of ./dev new, unit-test program that must hold the new test, a test of it)
RECIPES = {
    "function": (["demo_shout", "--group", "string"], "unit_functions", None),
    "format": (["demo_lines"], "unit_formats", "DemoLines*"),
    "connector": (["demo_counter"], "unit_connectors", "DemoCounter*"),
    "operator": (["demo_pass"], "unit_operators", "DemoPass*"),
}


def run(command, folder):
    """(exit code, what was printed)"""
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    return done.returncode, done.stdout


def copy_checkout(to):
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    run(["git", "init", "-q"], to)
    run(["git", "add", "-A"], to)


def scaffold(folder, kind):
    """What is wrong: it must succeed once and refuse the second time, and the page must name every file it touches."""
    code, printed = run(["./dev", "new", kind, *RECIPES[kind][0]], folder)
    if code != 0:
        return printed
    name = RECIPES[kind][0][0]
    page = (folder / PAGE).read_text(encoding="utf-8")
    for path in re.findall(r"^(?:wrote |listed|edited) +([^:\s]+)", printed, re.MULTILINE):
        if path.replace(name, "NAME").replace("/string/", "/GROUP/") not in page:
            return f"{PAGE} does not mention {path}"
    again, _ = run(["./dev", "new", kind, *RECIPES[kind][0]], folder)
    return None if again == 2 else "a second time it did not refuse"


def unit_test(folder, kind):
    _, program, pattern = RECIPES[kind]
    code, printed = run(["./dev", "build", "dev", program], folder)
    if code != 0:
        return printed[-4000:]
    code, printed = run([f"build/dev/bin/{program}"] + ([f"--gtest_filter={pattern}"] if pattern else []), folder)
    if code != 0:
        return printed[-4000:]
    return None if re.search(r"^\[  PASSED  \] [1-9]", printed, re.MULTILINE) else f"no test {pattern} in {program}"


def tidy_findings(folder):
    """What tidy finds after ./dev fmt, without line numbers, which a new file shifts."""
    run(["./dev", "fmt"], folder)
    _, printed = run(["python3", "tools/tidy.py"], folder)
    return {re.sub(r":\d+:", ":", line) for line in printed.splitlines() if re.match(r"\S+:\d+: \[", line)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", action="append", choices=list(RECIPES))
    arguments = parser.parse_args()
    kinds = arguments.kind or list(RECIPES)
    results = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "checkout"
        folder.mkdir()
        copy_checkout(folder)
        before = tidy_findings(folder)
        for kind in kinds:
            results.append((f"{kind}: scaffolded", scaffold(folder, kind)))
        run(["git", "add", "-A"], folder)  # ./dev fmt formats tracked files
        run(["./dev", "fmt"], folder)
        for kind in kinds:
            results.append((f"{kind}: built and tested", unit_test(folder, kind)))
        results.append(("tidy finds nothing new", "\n".join(sorted(tidy_findings(folder) - before)) or None))
    for what, problem in results:
        print(f"{what}: {'FAILED: ' + problem if problem else 'good'}")
    failed = sum(1 for _, problem in results if problem)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
