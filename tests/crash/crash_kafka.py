#!/usr/bin/env python3
"""Kills jobs that read and write Kafka exactly once, again and again, on a real broker, and counts every row.

  crash_kafka.py [--kills 10] [--seed N]        ends with "N passed, N failed"
  crash_kafka.py --kills 300                    the long form

Needs the broker of tools/oracle (./dev setup --broker); without it says so and is skipped. Two jobs take turns, each
reads two topics in four partitions to their end: from Kafka to Kafka, read back with read_committed, and from Kafka to
files. Each job copies one topic, joins both, and counts windows per key. Each life goes on from the checkpoint
directory with --resume, at another parallelism. Some kills come at random moments, some as soon as a manifest appears:
then the transactions that the checkpoint names are complete, and not yet committed; the broker is asked whether that
was hit. A run ends when its job does. Then every row must be there once, rows of one key in order, and no transaction
may be open. Printed are the seed, what the kills hit, and the verdicts.
"""
import argparse
import collections
import json
import random
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path[:0] = [str(ROOT / "tests" / "e2e"), str(ROOT / "tools" / "oracle")]
import broker_test  # noqa: E402
import checker  # noqa: E402
import kafka  # noqa: E402
import transactions  # noqa: E402

PARTITIONS, KEYS, ROWS, WINDOW = 4, 40, 40_000, 2000
OUTPUTS = {"passed": ["k", "n"], "joined": ["k", "n"], "counted": ["k", "s", "c"]}
LIFE_SECONDS_MAX = 120
KILLS_PER_RUN = 12  # then a job may come to its end
# In the long form at least this share of the kills must come between pre-commit and commit.
COMMIT_SHARE_MIN, LONG_FORM_KILLS = 0.1, 100
COMMIT_HIT = "between pre-commit and commit"

SOURCE = """
CREATE TABLE {name} (k BIGINT, n BIGINT, filler STRING, ts AS TO_TIMESTAMP_LTZ(n, 3), WATERMARK FOR ts AS ts)
  WITH ('connector' = 'kafka', 'topic' = '{topic}', 'properties.bootstrap.servers' = '{broker}', 'format' = 'json',
  'properties.group.id' = 'crash', 'properties.isolation.level' = 'read_committed',
  'properties.max.partition.fetch.bytes' = '8192', 'scan.startup.mode' = 'earliest-offset',
  'scan.bounded.mode' = 'latest-offset');
"""
TOPIC_SINK = """
CREATE TABLE {name} ({columns}) WITH ('connector' = 'kafka', 'topic' = '{prefix}-{name}',
  'properties.bootstrap.servers' = '{broker}', 'properties.transaction.timeout.ms' = '600000',
  'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = '{prefix}-{name}',
  'key.format' = 'json', 'key.fields' = 'k', 'value.format' = 'json');
"""
FILE_SINK = """
CREATE TABLE {name} ({columns}) WITH ('connector' = 'filesystem', 'path' = '{name}', 'format' = 'json');
"""
QUERIES = """
BEGIN STATEMENT SET;
INSERT INTO passed SELECT k, n FROM a;
INSERT INTO joined SELECT a.k, a.n FROM a JOIN b ON a.n = b.n;
INSERT INTO counted SELECT k, MIN(n), COUNT(*) FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '2' SECOND))
  GROUP BY k, window_start, window_end;
END;
"""


def key_of(number):
    return number % KEYS


def expected():
    """Of each output every row that must be there, once."""
    numbers = [(key_of(number), number) for number in range(ROWS)]
    windows = collections.defaultdict(list)
    for key, number in numbers:
        windows[key, number // WINDOW].append(number)
    return {"passed": numbers, "joined": numbers,
            "counted": [(key, min(members), len(members)) for (key, _), members in windows.items()]}


def produce_input(topics, folder):
    """The same rows into all topics: the rows of a key go to one partition, in order."""
    files = [folder / f"partition-{number}" for number in range(PARTITIONS)]
    outputs = [open(file, "w", encoding="utf-8") for file in files]
    for number in range(ROWS):
        row = {"k": key_of(number), "n": number, "filler": "x" * 60}
        outputs[key_of(number) % PARTITIONS].write(json.dumps(row) + "\n")
    for output in outputs:
        output.close()
    for topic in topics:
        kafka.create(topic, partitions=PARTITIONS)
        kafka.produce_per_partition(topic, files)


def script_of(to_topics, broker, prefix, topics):
    text = "".join(SOURCE.format(name=name, topic=topic, broker=broker) for name, topic in zip("ab", topics))
    for name, columns in OUTPUTS.items():
        declared = ", ".join(f"{column} BIGINT" for column in columns)
        sink = TOPIC_SINK if to_topics else FILE_SINK
        text += sink.format(name=name, columns=declared, broker=broker, prefix=prefix)
    return text + QUERIES


class Run:
    """One job, from its first life to its end."""

    def __init__(self, program, folder, chance, broker, prefix, to_topics):
        self.program, self.folder, self.chance = program, folder, chance
        self.broker, self.prefix, self.to_topics = broker, prefix, to_topics

    def manifests(self):
        return {path.parent for path in (self.folder / "state").glob("chk-*/MANIFEST")}

    def pending(self):
        """What the newest checkpoint names and nobody has committed yet."""
        complete = self.manifests()
        if not complete:
            return []
        newest = max(complete, key=lambda path: int(path.name.removeprefix("chk-")))
        named = b"".join(path.read_bytes() for path in newest.iterdir())
        if not self.to_topics:
            files = [path for name in OUTPUTS for path in (self.folder / name).rglob(".*") if path.is_file()]
            return [path.name for path in files if path.name.encode() in named]
        return [name for name in transactions.still_open(self.broker, self.prefix + "-")
                if struct.pack(">h", len(name)) + name.encode() in named]

    def what_was_hit(self, before):
        complete = self.manifests()
        if any(path not in complete for path in (self.folder / "state").glob("chk-*")):
            return "writing a checkpoint"
        if self.pending():
            return COMMIT_HIT
        return "between checkpoints" if complete - before else "before the first checkpoint of its life"

    def has_ended(self):
        """A job that has come to its end removes its checkpoints, and may be killed behind that."""
        said = (self.folder / "log.txt").read_text(encoding="utf-8")
        return "checkpoint state/" in said and not self.manifests()

    def live(self, kill):
        """One life of the job. Gives None when it came to its end, else what was hit."""
        command = [str(self.program), "run", "job.sql", "-p", str(self.chance.choice((1, 2, 3))), "--checkpoint-dir",
                   "state", "--checkpoint-interval", "100 ms", "--resume"]
        before = self.manifests()
        with open(self.folder / "log.txt", "a", encoding="utf-8") as log:
            job = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        started = time.monotonic()
        if kill:
            at_manifest = self.chance.random() < 0.7
            moment = started + self.chance.uniform(0.0, 1.2)
            while job.poll() is None and time.monotonic() < started + LIFE_SECONDS_MAX:
                if time.monotonic() < moment:
                    time.sleep(0.002)
                elif not at_manifest or self.manifests() - before:
                    break
                else:
                    time.sleep(0.0005)
            if job.poll() is None:
                job.kill()
                job.wait()
                return None if self.has_ended() else self.what_was_hit(before)
        try:
            code = job.wait(LIFE_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            job.kill()
            job.wait()
            code = "none: it was killed after its time"
        assert code == 0, f"exit code {code}: {(self.folder / 'log.txt').read_text(encoding='utf-8')[-3000:]}"
        return None

    def outputs(self):
        for name, columns in OUTPUTS.items():
            if self.to_topics:
                yield name, checker.by_partition(kafka.get_records(f"{self.prefix}-{name}"), columns)
            else:
                yield name, checker.read_json_files(self.folder / name, columns)

    def judge(self):
        """A line of text for each fault, and how many verdicts were good."""
        faults, good = [], 0
        wanted = expected()
        for name, rows in self.outputs():
            # a join gives the rows of a key from several subtasks, in no order
            verdict = checker.judge(rows, wanted[name], key_of=None if name == "joined" else lambda row: row[0])
            print(f"  {name}: {verdict}", flush=True)
            good += verdict.ok()
            if not verdict.ok():
                faults.append(f"{name}: {verdict}")
        left = transactions.still_open(self.broker, self.prefix + "-")
        left += [str(path.relative_to(self.folder)) for path in (self.folder / "state").glob("chk-*")]
        if left:
            faults.append(f"left open: {left}")
        return faults, good + (not left)


def run_all(arguments, broker, work):
    chance = random.Random(arguments.seed)
    print(f"seed {arguments.seed}", flush=True)
    name = "crash-%d" % time.time_ns()
    topics = [name + "-a", name + "-b"]
    produce_input(topics, work)
    hits = {True: collections.Counter(), False: collections.Counter()}
    passed = failed = runs = 0
    per_run = min(KILLS_PER_RUN, (arguments.kills + 1) // 2)  # both jobs have some

    def total():
        return sum(sum(counter.values()) for counter in hits.values())

    while runs < 2 or total() < arguments.kills:
        runs += 1
        to_topics = runs % 2 == 1
        folder = work / f"run-{runs}"
        folder.mkdir()
        prefix = f"{name}-{runs}"
        run = Run(arguments.millrace.resolve(), folder, chance, broker["bootstrap"], prefix, to_topics)
        (folder / "job.sql").write_text(script_of(to_topics, broker["bootstrap"], prefix, topics), encoding="utf-8")
        if to_topics:
            for output in OUTPUTS:
                kafka.create(f"{prefix}-{output}", partitions=PARTITIONS)
        killed = 0
        while hit := run.live(killed < per_run and total() < arguments.kills):
            hits[to_topics][hit] += 1
            killed += 1
        print(f"run {runs}, to {'topics' if to_topics else 'files'}, killed {killed} times", flush=True)
        faults, good = run.judge()
        passed += good
        failed += len(faults)
        for fault in faults:
            print(f"WRONG run {runs}: {fault}", flush=True)
        if faults and arguments.keep:
            shutil.copytree(folder, arguments.keep / folder.name)
    for to_topics, counter in hits.items():
        total = sum(counter.values())
        print(f"to {'topics' if to_topics else 'files'}: {total} kills")
        for hit, count in counter.most_common():
            print(f"  {count} {hit}")
        share = counter[COMMIT_HIT] / max(total, 1)
        if share < COMMIT_SHARE_MIN and arguments.kills >= LONG_FORM_KILLS:
            print(f"WRONG only {share:.0%} of these kills came {COMMIT_HIT}")
            failed += 1
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millrace", type=Path, default=ROOT / "build" / "release" / "bin" / "millrace")
    parser.add_argument("--kills", type=int, default=10, help="of both jobs together, at least")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--keep", type=Path, help="where the folders of runs with faults are kept")
    arguments = parser.parse_args()

    def run(checks, work):
        checks.passed, checks.failed = run_all(arguments, kafka.up(), work)

    return broker_test.main("crash_kafka", run, arguments.millrace)


if __name__ == "__main__":
    sys.exit(main())
