#!/usr/bin/env python3
"""The counts of tools/run_tests.py: that nothing failed or skipped is ever counted as passed."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import run_examples  # noqa: E402
import run_tests  # noqa: E402

GTEST_GOOD = "[==========] Running 3 tests.\n[==========] 3 tests ran.\n[  PASSED  ] 3 tests.\n"
GTEST_BAD = ("[==========] Running 3 tests\n[==========] 3 tests ran.\n[  PASSED  ] 1 test.\n"
             "[  SKIPPED ] 1 test, listed below:\n[  SKIPPED ] A.B\n"
             "[  FAILED  ] 1 test, listed below:\n[  FAILED  ] A.C\n")
GTEST_CRASH = "[==========] Running 3 tests.\n[ RUN      ] A.B\n"
# (what, status of ctest, output, expected passed, failed, skipped)
CASES = [
    ("GoogleTest, all good", "run", GTEST_GOOD, (3, 0, 0)),
    ("GoogleTest, one of each", "fail", GTEST_BAD, (1, 1, 1)),
    ("GoogleTest that crashed", "fail", GTEST_CRASH, (0, 1, 0)),
    ("GoogleTest that passed, then crashed at exit", "fail", GTEST_GOOD, (3, 1, 0)),
    ("GoogleTest without a case", "run", "[==========] Running 0 tests\n[  PASSED  ] 0 tests.\n", (0, 0, 0)),
    ("own line", "run", "x\n12 passed, 0 failed, 2 skipped\n", (12, 0, 2)),
    ("own line, the last one counts", "fail", "1 passed, 0 failed\n2 passed, 3 failed\n", (2, 3, 0)),
    ("own line says passed, exit code says failed", "fail", "2 passed, 0 failed\n", (2, 1, 0)),
    ("no line at all, passed", "run", "fine\n", (1, 0, 0)),
    ("no line at all, failed", "fail", "", (0, 1, 0)),
    ("ctest could not run it", "notrun", "", (0, 0, 1)),
]
COMPARISONS = [
    ("same lines", "a\nb\n", "a\nb\n", True, True),
    ("other order, ordered", "a\nb\n", "b\na\n", True, False),
    ("other order, unordered", "a\nb\n", "b\na\n", False, True),
    ("a line twice", "a\nb\n", "a\na\nb\n", False, False),
    ("nothing printed", "a\n", "", False, False),
]


def main():
    passed = failed = 0
    results = [(what, run_tests.count_cases(status, output) == expected) for what, status, output, expected in CASES]
    results += [(what, (run_examples.compare(expected, printed, ordered) == "") == same)
                for what, expected, printed, ordered, same in COMPARISONS]
    for what, good in results:
        passed, failed = passed + good, failed + (not good)
        if not good:
            print(f"FAILED {what}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
