#!/usr/bin/env python3
"""Exactly-once sinks at the moments that matter, on a real broker.

  kafka_transactions.py       ends with "N passed, N failed"

A job is killed when a checkpoint is complete and its transactions are not committed yet. From copies of that checkpoint
folder it is shown that the same checkpoint may be restored twice, also after its transactions were committed; that a
transaction which is gone fails the job, or is warned of; that nothing stays open. And what a job refuses at its start;
that transactions of others are read as they were committed, that positions are right behind their markers, that the
group's offsets follow checkpoints, and that partitions which appear later are read.
"""
import argparse
import json
import pathlib
import random
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "oracle"))
sys.path.insert(0, str(ROOT / "tests" / "crash"))
import broker_test  # noqa: E402
import crash_kafka  # noqa: E402
import kafka  # noqa: E402
import transactions  # noqa: E402

KILLS_MAX = 60  # until one comes between pre-commit and commit
RUNS_MAX = 5    # a run may come to its end before
SECONDS_MAX = 60

TRANSACTIONAL = """
CREATE TABLE source (n BIGINT) WITH ('connector' = 'datagen', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1',
  'fields.n.end' = '5');
CREATE TABLE target (n BIGINT) WITH ('connector' = 'kafka', 'topic' = '{topic}', 'format' = 'json',
  'properties.bootstrap.servers' = '{broker}', 'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = '{topic}'{more});
"""
READ = """
CREATE TABLE source (n BIGINT) WITH ('connector' = 'kafka', 'topic' = '{topic}', 'format' = 'json',
  'properties.bootstrap.servers' = '{broker}', 'scan.startup.mode' = 'earliest-offset'{more});
CREATE TABLE target (n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
INSERT INTO target SELECT n FROM source;
"""


def run_job(millrace, folder, script, *options):
    """Exit code and all that the job said."""
    (folder / "job.sql").write_text(script, encoding="utf-8")
    done = subprocess.run([str(millrace), "run", "job.sql", *options], cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS_MAX, text=True, check=False)
    return done.returncode, done.stdout


def wait_until(condition, seconds=SECONDS_MAX):
    end = time.monotonic() + seconds
    while not (reached := condition()) and time.monotonic() < end:
        time.sleep(0.01)
    return reached


def kill_before_commit(run):
    """Kills the job until a complete checkpoint names transactions that are open. Gives their ids."""
    for _ in range(KILLS_MAX):
        hit = run.live(True)
        if hit == crash_kafka.COMMIT_HIT:
            return run.pending()
        if hit is None:
            return []
    return []


def resume(a, source, folder, script, parallelism):
    """A copy of a killed job's folder goes on."""
    shutil.copytree(source / "state", folder / "state")
    return run_job(a.millrace, folder, script, "-p", str(parallelism), "--checkpoint-dir", "state",
                   "--checkpoint-interval", "100 ms", "--resume")


def check_restores(a, checks, work, broker, name):
    topics = [name + "-a", name + "-b"]
    crash_kafka.produce_input(topics, work)
    chance = random.Random(7)
    for number in range(RUNS_MAX):
        folder, prefix = work / f"restores-{number}", f"{name}-r{number}"
        folder.mkdir()
        for output in crash_kafka.OUTPUTS:
            kafka.create(f"{prefix}-{output}", partitions=crash_kafka.PARTITIONS)
        run = crash_kafka.Run(a.millrace, folder, chance, broker, prefix, True)
        script = crash_kafka.script_of(True, broker, prefix, topics)
        (folder / "job.sql").write_text(script, encoding="utf-8")
        pending = kill_before_commit(run)
        if pending:
            break
    checks.check("a kill came between pre-commit and commit", bool(pending))
    if not pending:
        return
    copies = [work / f"copy-{number}" for number in range(4)]
    for copy in copies:
        copy.mkdir()
    code, said = resume(a, folder, copies[0], script, 3)
    checks.check("the job goes on and commits what was pending", code == 0, said)
    faults, _ = run.judge()
    checks.check("every row is there once", not [fault for fault in faults if "left open" not in fault], faults)
    checks.check("nothing is left open", not transactions.still_open(broker, prefix), prefix)
    states = transactions.states(broker, prefix)
    checks.check("the pending transactions are committed",
                 all(states[one] == "CompleteCommit" for one in pending), states)
    code, said = resume(a, folder, copies[1], script, 1)
    checks.check("the same checkpoint is restored again: committing again has no effect", code == 0, said)
    check_read_committed(a, checks, work, broker, f"{prefix}-passed")
    # others take the id over: what was committed stays so, but its producer is gone
    transactions.take_over(broker, pending[0])
    code, said = resume(a, folder, copies[2], script, 2)
    lost = "is lost" in said and pending[0] in said and "sink.on-lost-transaction" in said
    checks.check("a transaction that is gone fails the restore, and says what to do", code != 0 and lost, said)
    option = "'sink.delivery-guarantee'"
    warned = script.replace(option, "'sink.on-lost-transaction' = 'warn', " + option)
    code, said = resume(a, folder, copies[3], warned, 2)
    checks.check("or is warned of, if asked for", code == 0 and "warning: " in said, said)
    checks.check("nothing is left open then", not transactions.still_open(broker, prefix), prefix)


def check_read_committed(a, checks, work, broker, topic):
    """A topic full of markers and of rows that were aborted is read in several lives, each killed but the last."""
    written = sorted(json.loads(record["value"])["n"] for record in kafka.get_records(topic))
    everything = sum(kafka.end_offsets(topic).values())
    checks.check("the topic holds more than what was committed", everything > len(written), everything)
    folder = work / "read-committed"
    folder.mkdir()
    more = (", 'properties.isolation.level' = 'read_committed', 'scan.bounded.mode' = 'latest-offset', "
            "'properties.max.partition.fetch.bytes' = '4096'")
    (folder / "job.sql").write_text(READ.format(topic=topic, broker=broker, more=more), encoding="utf-8")
    kills = 0
    for life in range(KILLS_MAX):
        command = [str(a.millrace), "run", "job.sql", "-p", str(life % 3 + 1), "--checkpoint-dir", "state",
                   "--checkpoint-interval", "20 ms", "--resume"]
        with open(folder / "log.txt", "a", encoding="utf-8") as log:
            job = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        before = set((folder / "state").glob("chk-*/MANIFEST"))
        wait_until(lambda: job.poll() is not None or set((folder / "state").glob("chk-*/MANIFEST")) - before)
        if life < 5 and job.poll() is None:
            job.kill()
            kills += job.wait() != 0
        if job.wait() == 0:
            break
    checks.check("a job that reads it is killed at least twice", kills >= 2, kills)
    same = values_in(folder) == written
    checks.check("and has read every committed row once", same, f"{len(values_in(folder))} of {len(written)}")


def check_refusals(a, checks, work, broker, name):
    folder = work / "refusals"
    folder.mkdir()
    topic = name + "-refused"
    kafka.create(topic)
    insert = "INSERT INTO target SELECT n FROM source;"
    code, said = run_job(a.millrace, folder, TRANSACTIONAL.format(topic=topic, broker=broker, more="") + insert)
    checks.check("a timeout beyond the brokers' limit is refused with both numbers",
                 code != 0 and "3600000" in said and "900000" in said, said)
    fitting = TRANSACTIONAL.format(topic=topic, broker=broker, more=", 'properties.transaction.timeout.ms' = '60000'")
    twice = f"BEGIN STATEMENT SET; {insert} INSERT INTO target SELECT n + 10 FROM source; END;"
    code, said = run_job(a.millrace, folder, fitting + twice)
    checks.check("two sinks with one prefix are refused", code != 0 and "prefix of its own" in said, said)
    checks.check("nothing was written by them", sum(kafka.end_offsets(topic).values()) == 0)
    code, said = run_job(a.millrace, folder, fitting + insert)
    rows = sorted(json.loads(record["value"])["n"] for record in kafka.get_records(topic))
    checks.check("without checkpoints the job's end commits", code == 0 and rows == [1, 2, 3, 4, 5], f"{said}\n{rows}")
    code, said = run_job(a.millrace, folder, fitting + insert)
    rows = [json.loads(record["value"])["n"] for record in kafka.get_records(topic)]
    twice = code == 0 and sorted(rows) == sorted([1, 2, 3, 4, 5] * 2)
    checks.check("and runs again under the same prefix", twice, said)
    return topic


def values_in(folder):
    files = [path for path in (folder / "out").rglob("*") if path.is_file() and not path.name.startswith(".")]
    return sorted(json.loads(line)["n"] for path in files for line in path.read_text(encoding="utf-8").splitlines())


def check_source(a, checks, work, broker, name, topic):
    folder = work / "committed"
    folder.mkdir()
    more = ", 'properties.isolation.level' = 'read_committed', 'scan.bounded.mode' = 'latest-offset'"
    code, said = run_job(a.millrace, folder, READ.format(topic=topic, broker=broker, more=more))
    all_there = code == 0 and values_in(folder) == sorted([1, 2, 3, 4, 5] * 2)
    checks.check("a bounded read ends behind the markers", all_there, f"{said}\n{values_in(folder)}")
    folder = work / "unbounded"
    folder.mkdir()
    grown = name + "-grown"
    kafka.create(grown, partitions=1)
    more = (", 'properties.isolation.level' = 'read_committed', 'properties.group.id' = '" + grown + "'"
            ", 'scan.topic-partition-discovery.interval' = '300 ms'")
    (folder / "job.sql").write_text(READ.format(topic=grown, broker=broker, more=more), encoding="utf-8")
    command = [str(a.millrace), "run", "job.sql", "-p", "2", "--checkpoint-dir", "state", "--checkpoint-interval",
               "200 ms", "--resume"]
    log = open(folder / "log.txt", "a", encoding="utf-8")
    job = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    kafka.put_records(grown, [{"partition": 0, "key": None, "value": f'{{"n":{n}}}'} for n in (1, 2, 3)])
    checks.check("rows are read while the job runs", wait_until(lambda: values_in(folder) == [1, 2, 3]),
                 (folder / "log.txt").read_text())
    kafka.must(kafka.tool("org.apache.kafka.tools.TopicCommand", "--alter", "--topic", grown, "--partitions", "3",
                          stdout=subprocess.DEVNULL))
    kafka.put_records(grown, [{"partition": n % 3, "key": None, "value": f'{{"n":{n}}}'} for n in (4, 5, 6)])
    checks.check("partitions that appear later are read", wait_until(lambda: values_in(folder) == [1, 2, 3, 4, 5, 6]),
                 f"{values_in(folder)}\n{(folder / 'log.txt').read_text()}")
    checks.check("the group's offsets follow checkpoints",
                 wait_until(lambda: group_offsets(grown) == {0: 4, 1: 1, 2: 1}, 20), group_offsets(grown))
    job.kill()
    job.wait()
    kafka.put_records(grown, [{"partition": n % 3, "key": None, "value": f'{{"n":{n}}}'} for n in (7, 8, 9)])
    job = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    wait_until(lambda: len(values_in(folder)) >= 9)
    time.sleep(1)  # what is read twice would come now
    job.kill()
    job.wait()
    log.close()
    checks.check("after a kill all of them go on where they were", values_in(folder) == list(range(1, 10)),
                 f"{values_in(folder)}\n{(folder / 'log.txt').read_text()}")


def group_offsets(group):
    done = kafka.tool("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", "--describe", "--group", group,
                      "--offsets", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith(group)]
    return {int(row[2]): int(row[3]) for row in rows if row[3].isdigit()}


def run(a, checks, work):
    broker = kafka.up()["bootstrap"]
    name = "transactions-%d" % time.time_ns()
    check_restores(a, checks, work, broker, name)
    topic = check_refusals(a, checks, work, broker, name)
    check_source(a, checks, work, broker, name, topic)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--millrace", type=pathlib.Path, default=broker_test.MILLRACE)
    a = p.parse_args()
    a.millrace = a.millrace.resolve()
    return broker_test.main("kafka_transactions", lambda checks, work: run(a, checks, work), a.millrace)


if __name__ == "__main__":
    sys.exit(main())
