"""What tests with a real Kafka broker have in common: checks that are counted, and a broker while they run."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "oracle"))
import kafka  # noqa: E402

MILLRACE = ROOT / "build" / "release" / "bin" / "millrace"
TOOLS = ("java", "javac", "mvn")


class Checks:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def check(self, what, good, detail=""):
        print(("ok    " if good else "WRONG ") + what + ("" if good else f"\n{detail}"), flush=True)
        self.passed += good
        self.failed += not good

    def skip(self, what):
        print("SKIPPED " + what, flush=True)
        self.skipped += 1


def main(name, run, program=None, tools=TOOLS, own_broker=False):
    """Calls run(checks, folder) and stops the broker that it has started; prints the counts, gives the exit code.

    A machine without one of the tools, or without the program where one is named, skips the test and says so. With
    `own_broker` the test needs other settings than a broker that runs already.
    """
    missing = next((f"{tool} (./dev setup --broker)" for tool in tools if shutil.which(tool) is None), None)
    if missing is None and program is not None and not program.exists():
        missing = f"{program} (./dev build)"
    if missing:
        print(f"SKIPPED: {name}: this machine has no {missing}\n0 passed, 0 failed, 1 skipped")
        return 0
    checks = Checks()
    broker_was_there = kafka.state_file().exists()
    if broker_was_there and own_broker:
        checks.check("the run", False, "a broker runs already, with other settings: ./dev oracle down")
    else:
        with tempfile.TemporaryDirectory(prefix=name + ".") as folder:
            try:
                run(checks, pathlib.Path(folder))
            except (SystemExit, AssertionError, subprocess.SubprocessError) as failure:
                checks.check("the run", False, str(failure))
            finally:
                if not broker_was_there:
                    kafka.down()
    print(f"{checks.passed} passed, {checks.failed} failed, {checks.skipped} skipped")
    return 1 if checks.failed else 0
