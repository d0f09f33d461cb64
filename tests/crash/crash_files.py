#!/usr/bin/env python3
"""Kills a job again and again, and looks whether its files hold every row once.

  crash_files.py [--kills 10] [--seed N]        ends with "N passed, N failed"
  crash_files.py --kills 300                    the long form

The job joins two generators and counts windows, into two folders of files. Its watermark waits for the end: after a
restore at another parallelism one subtask's generators may be far apart, and nothing may be late. Each life goes on
from the checkpoint directory with --resume, at another parallelism. Some kills come at random moments, some as soon as
a manifest appears: then the files that the checkpoint names are written, and not yet committed. A run ends when its job
does; runs follow each other until there were enough kills. Printed are the seed, what each kill hit, and the verdict on
each run.
"""
import argparse
import collections
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import checker  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
ROWS, WINDOW, ROWS_PER_SECOND = 30_000, 1000, 10_000
LIFE_SECONDS_MAX = 60
# In the long form at least this share of the kills must come between pre-commit and commit.
COMMIT_SHARE_MIN, LONG_FORM_KILLS = 0.1, 100

JOB = """
CREATE TABLE a (n BIGINT, ts AS TO_TIMESTAMP_LTZ(n, 3), WATERMARK FOR ts AS ts - INTERVAL '1' HOUR)
  WITH ('connector' = 'datagen',
  'rows-per-second' = '{rate}', 'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '{last}');
CREATE TABLE b (m BIGINT) WITH ('connector' = 'datagen',
  'rows-per-second' = '{rate}', 'fields.m.kind' = 'sequence', 'fields.m.start' = '0', 'fields.m.end' = '{last}');
CREATE TABLE joined (n BIGINT, m BIGINT) WITH ('connector' = 'filesystem', 'path' = 'joined', 'format' = 'json');
CREATE TABLE counted (n BIGINT, c BIGINT) WITH ('connector' = 'filesystem', 'path' = 'counted', 'format' = 'json');
BEGIN STATEMENT SET;
INSERT INTO joined SELECT n, m FROM a JOIN b ON n = m;
INSERT INTO counted SELECT MIN(n), COUNT(*) FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '1' SECOND))
  GROUP BY window_start, window_end;
END;
""".format(rate=ROWS_PER_SECOND, last=ROWS - 1)


def manifests(folder):
    return {path.parent for path in (folder / "state").glob("chk-*/MANIFEST")}


def what_was_hit(folder):
    """The phase in which a job was killed, from what it left behind."""
    complete = manifests(folder)
    if any(path not in complete for path in (folder / "state").glob("chk-*")):
        return "writing a checkpoint"
    if not complete:
        return "before the first checkpoint"
    newest = max(complete, key=lambda path: int(path.name.removeprefix("chk-")))
    named = b"".join(path.read_bytes() for path in newest.iterdir())
    pending = [path for name in ("joined", "counted") for path in (folder / name).rglob(".*") if path.is_file()]
    if any(path.name.encode() in named for path in pending):
        return "between pre-commit and commit"
    return "between checkpoints"


def live(program, folder, chance, kill):
    """One life of the job. Gives None when it came to its end, else what was hit."""
    parallelism = str(chance.choice((1, 2, 3)))
    command = [str(program), "run", "job.sql", "-p", parallelism, "--checkpoint-dir", "state", "--checkpoint-interval",
               "40 ms", "--resume"]
    with open(folder / "log.txt", "a", encoding="utf-8") as log:
        job = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    started = time.monotonic()
    if kill:
        before = manifests(folder)
        at_manifest = chance.random() < 0.7
        moment = started + chance.uniform(0.0, 0.4)
        while job.poll() is None and time.monotonic() < started + LIFE_SECONDS_MAX:
            if time.monotonic() < moment:
                time.sleep(0.002)
            elif not at_manifest or manifests(folder) - before:
                break
        if job.poll() is None:
            job.kill()
            job.wait()
            return what_was_hit(folder)
    code = job.wait(LIFE_SECONDS_MAX)
    assert code == 0, f"exit code {code}: {(folder / 'log.txt').read_text(encoding='utf-8')[-2000:]}"
    return None


def judge(folder):
    verdicts = {
        "joined": checker.judge(checker.read_json_files(folder / "joined", ["n", "m"]),
                                [(number, number) for number in range(ROWS)]),
        "counted": checker.judge(checker.read_json_files(folder / "counted", ["n", "c"]),
                                 [(number, WINDOW) for number in range(0, ROWS, WINDOW)]),
    }
    left = [str(path.relative_to(folder)) for path in (folder / "state").glob("chk-*")]
    return verdicts, left


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millrace", type=Path, default=ROOT / "build" / "release" / "bin" / "millrace")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    arguments = parser.parse_args()
    program = arguments.millrace.resolve()
    chance = random.Random(arguments.seed)
    print(f"seed {arguments.seed}")
    hits = collections.Counter()
    passed = failed = runs = 0
    while sum(hits.values()) < arguments.kills:
        runs += 1
        with tempfile.TemporaryDirectory(prefix="millrace_crash_") as name:
            folder = Path(name)
            (folder / "job.sql").write_text(JOB, encoding="utf-8")
            killed = 0
            while hit := live(program, folder, chance, sum(hits.values()) < arguments.kills):
                hits[hit] += 1
                killed += 1
            verdicts, left = judge(folder)
            for table, verdict in verdicts.items():
                print(f"run {runs}, killed {killed} times, {table}: {verdict}", flush=True)
                passed, failed = (passed + 1, failed) if verdict.ok() else (passed, failed + 1)
            if left:
                print(f"run {runs}: checkpoints of a finished job are left: {left}")
                failed += 1
    for hit, count in hits.most_common():
        print(f"{count} kills {hit}")
    share = hits["between pre-commit and commit"] / max(sum(hits.values()), 1)
    if share < COMMIT_SHARE_MIN and arguments.kills >= LONG_FORM_KILLS:
        print(f"only {share:.0%} of the kills came between pre-commit and commit")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
