"""Runs functions named test_* of a module's dictionary, each in a folder of its own; ends with N passed, N failed."""
import sys
import tempfile
import traceback
from pathlib import Path


def run(tests, *arguments):
    passed = failed = 0
    for name, test in sorted(tests.items()):
        if not name.startswith("test_"):
            continue
        with tempfile.TemporaryDirectory(prefix="millrace_shell_") as folder:
            try:
                test(*arguments, Path(folder))
                passed += 1
            except Exception:  # a test that breaks down counts, the others go on
                failed += 1
                print(f"FAILED {name}")
                traceback.print_exc(file=sys.stdout)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
