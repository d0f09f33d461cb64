#!/usr/bin/env python3
"""Runs the tests of a build folder through ctest and ends with one line: N passed, N failed[, N skipped].

Counts are test cases, not programs: a GoogleTest program's cases are read from its closing lines, any other test's from
its own line "N passed, N failed[, N skipped]". A program that fails without naming a failed case counts as one failure.
"""
import argparse
import json
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

OWN_LINE = re.compile(r"^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.MULTILINE)
GTEST_LINES = {
    "passed": re.compile(r"^\[  PASSED  \] (\d+) tests?\.", re.MULTILINE),
    "failed": re.compile(r"^\[  FAILED  \] (\d+) tests?, listed below", re.MULTILINE),
    "skipped": re.compile(r"^\[  SKIPPED \] (\d+) tests?, listed below", re.MULTILINE),
}
SKIP_NAMES = re.compile(r"^(?:\[  SKIPPED \] (\w+\.\w+)|SKIPPED: (.*))$", re.MULTILINE)


def count_cases(status, output):
    """(passed, failed, skipped) of one ctest entry. `status` is JUnit's: run, fail, notrun, disabled."""
    if status in ("notrun", "disabled"):
        return 0, 0, 1
    own = OWN_LINE.findall(output)
    if own:
        passed, failed, skipped = (int(number or 0) for number in own[-1])
    else:
        numbers = [pattern.search(output) for pattern in GTEST_LINES.values()]
        passed, failed, skipped = (int(match.group(1)) if match else 0 for match in numbers)
        if status != "fail" and passed + failed + skipped == 0:
            passed = 0 if "[==========]" in output else 1
    if status == "fail" and failed == 0:
        failed = 1
    return passed, failed, skipped


def parse_junit(path):
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        output = case.findtext("system-out") or ""
        yield case.get("name"), case.get("status"), output


def ctest_command(arguments, junit):
    labels = "|".join(f"^{label}$" for label in arguments.labels.split(","))
    command = ["ctest", "--test-dir", arguments.build, "-L", labels, "--no-tests=ignore", "-j", str(arguments.jobs),
               "--output-on-failure", "--output-junit", str(junit), "--test-output-size-passed", "100000000",
               "--test-output-size-failed", "100000000"]
    return command + (["-R", arguments.name] if arguments.name else [])


def count_labels(arguments):
    """How many test programs each asked-for label has; a label without any is named as skipped."""
    missing = []
    for label in arguments.labels.split(","):
        command = ["ctest", "--test-dir", arguments.build, "-N", "-L", f"^{label}$"]
        listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        if "Total Tests: 0" in listed:
            missing.append(label)
    return missing


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", help="build folder, e.g. build/release")
    parser.add_argument("--labels", default="unit,sql,example,tidy", help="comma-separated ctest labels")
    parser.add_argument("--name", help="regular expression over the names of the test programs")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--counts", help="append one JSON line with the counts to this file")
    arguments = parser.parse_args()

    missing = count_labels(arguments)
    with tempfile.TemporaryDirectory() as folder:
        junit = Path(folder) / "junit.xml"
        ctest = subprocess.run(ctest_command(arguments, junit), stdin=subprocess.DEVNULL, check=False)
        entries = list(parse_junit(junit)) if junit.exists() else []
    total = [0, 0, 0]
    for name, status, output in entries:
        counts = count_cases(status, output)
        total = [a + b for a, b in zip(total, counts)]
        for match in SKIP_NAMES.finditer(output):
            print(f"skipped: {name}: {match.group(1) or match.group(2)}")
        if status in ("notrun", "disabled"):
            print(f"skipped: {name}: ctest could not run it")
    if ctest.returncode != 0 and total[1] == 0:
        total[1] = 1
    for label in missing:
        print(f"skipped: the label '{label}' has no tests in {arguments.build}")
    total[2] += len(missing)
    if arguments.counts:
        with open(arguments.counts, "a", encoding="utf-8") as file:
            file.write(json.dumps({"passed": total[0], "failed": total[1], "skipped": total[2]}) + "\n")
    print(f"{total[0]} passed, {total[1]} failed" + (f", {total[2]} skipped" if total[2] else ""))
    return 1 if total[1] or sum(total) == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
