#!/usr/bin/env python3
"""Savepoints of a job with an exactly-once Kafka sink, on a real broker.

  kafka_savepoints.py       ends with "N passed, N failed"

An intermediate savepoint commits no transaction; a restore from it does. A stop commits, a rescale too. Whatever is
done, each row is in the topic once, as its readers with read_committed see it, and no transaction stays open.
"""
import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
for folder in ("tools/oracle", "tests/crash", "tests/jobs", "tests/shell"):
    sys.path.insert(0, str(ROOT / folder))
import broker_test  # noqa: E402
import jobs_test  # noqa: E402
import kafka  # noqa: E402
import transactions  # noqa: E402

ROWS = 9_999
LIFE_SECONDS_MAX = 60
SINK = """CREATE TABLE k (n BIGINT) WITH ('connector' = 'kafka', 'topic' = '{topic}', 'format' = 'json',
  'properties.bootstrap.servers' = '{broker}', 'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = '{topic}', 'properties.transaction.timeout.ms' = '900000');
INSERT INTO k SELECT n FROM g;
"""


def numbers(topic):
    """What a reader with read_committed finds."""
    return sorted(json.loads(record["value"])["n"] for record in kafka.get_records(topic))


def each_once(topic, broker):
    counts = collections.Counter(numbers(topic))
    wrong = [number for number in range(ROWS + 1) if counts[number] != 1]
    assert not wrong, f"{len(wrong)} numbers are lost or doubled, such as {wrong[0]}"
    left = transactions.still_open(broker, topic)
    assert not left, f"still open: {left}"


def finish(job, at):
    assert job.wait(LIFE_SECONDS_MAX) == 0, at.log()


def savepoint_then_restore(at, topic, broker):
    job = at.start("--checkpoint-dir", "state", "--checkpoint-interval", "1 h", "-p", "2")
    at.until_read(2000)
    path = at.ask("savepoint", "create", "orders", "saves")["path"]
    at.ask("cancel", "orders")
    job.wait(LIFE_SECONDS_MAX)
    assert not numbers(topic), "an intermediate savepoint committed"
    finish(at.start("--restore", path, "-p", "1", wait=False), at)
    each_once(topic, broker)


def savepoint_then_on(at, topic, broker):
    job = at.start("--checkpoint-dir", "state", "--checkpoint-interval", "500 ms")
    for _ in range(2):
        read = at.status()["rows_read"]
        at.ask("savepoint", "create", "orders", "saves")
        at.until_read(read + 1)
    finish(job, at)
    each_once(topic, broker)


def stop_then_restore(at, topic, broker):
    job = at.start("--checkpoint-dir", "state", "--checkpoint-interval", "1 h", "-p", "2")
    at.until_read(2000)
    path = at.ask("stop", "orders", "--savepoint", "saves")["path"]
    finish(job, at)
    seen = numbers(topic)
    assert len(seen) >= 2000 and seen == list(range(len(seen))), (len(seen), len(set(seen)))
    finish(at.start("--restore", path, "-p", "3", wait=False), at)
    each_once(topic, broker)


def rescale_and_resume(at, topic, broker):
    flags = ("--checkpoint-dir", "state", "--checkpoint-interval", "300 ms", "--resume")
    job = at.start(*flags, "-p", "1")
    at.until_read(2000)
    assert at.ask("rescale", "orders", "2")["ok"]
    assert at.status()["parallelism"] == 2
    job.terminate()
    finish(job, at)
    finish(at.start(*flags, "-p", "1", wait=False), at)
    each_once(topic, broker)


def run(program, checks, work):
    broker = kafka.up()["bootstrap"]
    prefix = f"savepoints-{random.randrange(1 << 32):08x}"
    for test in (savepoint_then_restore, savepoint_then_on, stop_then_restore, rescale_and_resume):
        topic, folder = f"{prefix}-{test.__name__}", work / test.__name__
        folder.mkdir()
        kafka.create(topic, partitions=2)
        fault = ""
        try:
            with jobs_test.jobs(program, folder, SINK.format(topic=topic, broker=broker), last=ROWS) as at:
                test(at, topic, broker)
        except (AssertionError, subprocess.TimeoutExpired) as failure:
            fault = str(failure) or "an assertion"
        checks.check(test.__name__, not fault, fault)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millrace", type=pathlib.Path, default=broker_test.MILLRACE)
    program = parser.parse_args().millrace.resolve()
    return broker_test.main("kafka_savepoints", lambda checks, work: run(program, checks, work), program)


if __name__ == "__main__":
    sys.exit(main())
