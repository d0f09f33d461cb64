#!/usr/bin/env python3
"""Steers and kills a job again and again, also while it does what it was asked for; its files must hold every row once.

  crash_steered.py [--steps 30] [--seed N]      ends with "N passed, N failed"

A step is a savepoint, a rescale, a stop or a SIGTERM, a kill, or one of those with a kill behind it within 40 ms.
What has ended goes on with --resume at another parallelism. Savepoints of jobs that go on commit nothing, stops
commit: this looks for rows that are lost or doubled in between. Printed are the seed, the steps by kind, and the
verdict on each run.
"""
import argparse
import collections
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "jobs"))
sys.path.insert(0, str(ROOT / "tests" / "shell"))
import jobs_test  # noqa: E402

ROWS, RATE, WINDOWS, KEYS = 30_000, 10_000, 3, 7
LIFE_SECONDS_MAX = 60
KILLED, BEFORE_HANDLERS = -9, -15  # a SIGTERM may come before the program handles it
STEPS = ("savepoint", "rescale", "stop", "terminate", "kill", "rescale, kill", "stop, kill", "terminate, kill")
# The watermark waits for the end: after a restore at another parallelism nothing may be late.
JOB = ("BEGIN STATEMENT SET;\n" + jobs_test.COPY +
       jobs_test.COUNT.replace("GROUP BY", f"GROUP BY MOD(n, {KEYS}),") + "END;\n")
WATERMARK, LATE_WATERMARK = "WATERMARK FOR ts AS ts)", "WATERMARK FOR ts AS ts - INTERVAL '1' HOUR)"


def step(at, job, kind, chance):
    """Does one thing to the job; True when the job is at its end by that."""
    first, _, then = kind.partition(", ")
    asked = None
    if first == "terminate":
        job.terminate()
    elif first == "kill":
        job.kill()
    else:
        command = {"savepoint": ["savepoint", "create", "orders", "saves"],
                   "stop": ["stop", "orders", "--savepoint", "saves"],
                   "rescale": ["rescale", "orders", str(chance.choice((1, 2, 3, 4)))]}[first]
        asked = subprocess.Popen([str(at.program), *command], cwd=at.folder, env=at.environment,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if then:
        time.sleep(chance.uniform(0, 0.04))
        job.kill()
    if asked:
        asked.wait(LIFE_SECONDS_MAX)
    if kind in ("savepoint", "rescale"):
        return False
    job.wait(LIFE_SECONDS_MAX)
    return True


def has_checkpoints(at):
    return any((at.folder / "state").glob("chk-*/MANIFEST"))


def live(at, chance, steps, steps_max):
    """One life of the job. True when it came to its end."""
    job = at.start("--checkpoint-dir", "state", "--checkpoint-interval", "50 ms", "--resume", "-p",
                   str(chance.choice((1, 2, 3))), wait=False)
    while sum(steps.values()) < steps_max:
        time.sleep(chance.uniform(0, 0.3))
        if job.poll() is not None:
            break
        kind = chance.choice(STEPS)
        steps[kind] += 1
        if step(at, job, kind, chance):
            break
    code = job.wait(LIFE_SECONDS_MAX)
    assert code in (0, KILLED, BEFORE_HANDLERS, 143), f"exit code {code}: {at.log()[-2000:]}"
    # A kill may come when everything is done and the checkpoints are removed.
    return not has_checkpoints(at) and (code == 0 or len(at.rows()) >= ROWS)


def judge(at):
    counts = collections.Counter(at.numbers())
    wrong = [number for number in range(ROWS) if counts[number] != 1]
    assert not wrong, f"{len(wrong)} rows are lost or doubled, such as {wrong[0]} ({counts[wrong[0]]} times)"
    windows = at.rows("counts")
    counted = sum(row["c"] for row in windows)
    assert counted == ROWS and len(windows) == WINDOWS * KEYS, f"{len(windows)} windows with {counted} rows"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millrace", type=Path, default=ROOT / "build" / "release" / "bin" / "millrace")
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    print(f"seed {arguments.seed}")
    jobs_test.GENERATOR = jobs_test.GENERATOR.replace(WATERMARK, LATE_WATERMARK)
    steps = collections.Counter()
    passed = failed = 0
    while sum(steps.values()) < arguments.steps:
        with tempfile.TemporaryDirectory(prefix="millrace_steered_") as name:
            with jobs_test.jobs(arguments.millrace.resolve(), Path(name), JOB, last=ROWS - 1, rate=RATE) as at:
                try:
                    while not live(at, chance, steps, arguments.steps):
                        pass
                    judge(at)
                    passed += 1
                except (AssertionError, subprocess.TimeoutExpired) as failure:
                    failed += 1
                    print(f"run {passed + failed}: {failure}\n{at.log()[-2000:]}")
    for kind, count in steps.most_common():
        print(f"{count} {kind}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
