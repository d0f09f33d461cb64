"""Runs functions named test_* of a module's dictionary, each in a folder of its own; ends with N passed, N failed."""
import tempfile
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def run(tests, *arguments, at_once=1):
    def run_one(name):
        """None, or what went wrong."""
        with tempfile.TemporaryDirectory(prefix="millrace_shell_") as folder:
            try:
                tests[name](*arguments, Path(folder))
                return None
            except Exception:  # a test that breaks down counts, the others go on
                return f"FAILED {name}\n{traceback.format_exc()}"

    names = sorted(name for name in tests if name.startswith("test_"))
    with ThreadPoolExecutor(at_once) as pool:
        failures = [failure for failure in pool.map(run_one, names) if failure]
    for failure in failures:
        print(failure)
    print(f"{len(names) - len(failures)} passed, {len(failures)} failed")
    return 1 if failures or not names else 0
