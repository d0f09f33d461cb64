#!/usr/bin/env python3
"""What the kafka connector reads and writes, record by record, on a real broker, compared with real Flink's records.

  kafka_records.py [CASE ...]                      runs build/release/bin/millrace; ends with "N passed, N failed"
  kafka_records.py --engine flink --write-golden   what made kafka_records.golden.json

Each script of kafka_records/ reads topics that are filled here, and writes ${OUT}. What is in that topic afterwards
(keys, values, headers, and timestamps that were not made by the clock) must be what real Flink 1.20 left there. Scripts
called *_fails and *_refused must end with an error within 30 seconds.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GOLDEN = HERE / "kafka_records.golden.json"
sys.path.insert(0, str(ROOT / "tools" / "oracle"))
import broker_test  # noqa: E402
import flink_run  # noqa: E402
import kafka  # noqa: E402
import kafka_window  # noqa: E402

SECOND = 1704067200000  # 2024-01-01 00:00:00 UTC
CLOCK_MADE = 1750000000000  # later timestamps come from the clock
ERROR_SECONDS_MAX = 30
NOT_YET = ()  # refused with a clear error today: counted as skipped, and as failed once it passes


def records():
    """The input topic: two partitions, keys, headers, fixed timestamps, malformed and missing values."""
    values = ['{"a":1,"b":"one"}', '{"a":2,"b":null,"c":[1,2]}', 'not json', None, '{"a":"x","b":5}', '{"b":"ü😀"}']
    keys = ['{"k":1}', '{"k":2}', "plain", None, '{"k":"x"}', '{"other":1}']
    for number, (key, value) in enumerate(zip(keys, values)):
        for partition in (0, 1):
            yield {"partition": partition, "key": key, "value": value, "timestamp": SECOND + 1000 * number + partition,
                   "headers": [["h1", "first"], ["h2", "p%d" % partition]] if number % 2 == 0 else []}


def fill(prefix):
    """Makes the topics; gives what the scripts' ${NAMES} stand for."""
    for topic, partitions in ((prefix + "-in", 2), (prefix + "-csv", 1)):
        kafka.create(topic, partitions, ["retention.ms=-1"])  # else the broker deletes records of 2024 within a minute
    kafka.put_records(prefix + "-in", records())
    kafka.put_records(prefix + "-csv", [{"value": value, "timestamp": SECOND} for value in
                                        ('1,x', '2,"a,b"', 'bad', '3', '4,y,z', '5,')])
    kafka.commit_offset(prefix + "-in", prefix + "-some", 0, 4)
    for partition, offset in ((0, 2), (1, 5)):
        kafka.commit_offset(prefix + "-in", prefix + "-all", partition, offset)
    return {"IN": prefix + "-in", "CSV": prefix + "-csv", "PREFIX": prefix, "GROUP": prefix + "-some",
            "GROUP_ALL": prefix + "-all"}


def run_all(a, cases, names):
    """Runs every case; gives (case, exit code, seconds, output topic) of each."""
    scripts = {}
    for case in cases:
        topic = "%s-out-%s" % (names["PREFIX"], case.stem)
        kafka.create(topic, config=["retention.ms=-1"])
        scripts[case.stem] = (flink_run.substitute(case.read_text(), dict(names, OUT=topic)), topic)
    with tempfile.TemporaryDirectory(prefix="kafka_records.") as folder:
        work = pathlib.Path(folder)
        if a.engine == "flink":
            jobs = [(text, work / (name + ".ndjson"), "streaming") for name, (text, _) in scripts.items()]
            flink_run.run(jobs, kafka=True)
            for name, (_, topic) in scripts.items():
                lines = [json.loads(line) for line in (work / (name + ".ndjson")).read_text().splitlines()]
                if not lines[-1]["done"] and not name.endswith(("_fails", "_refused")):
                    print("%s: %s" % (name, lines[-1]["error"]))
                yield name, 0 if lines[-1]["done"] else 1, 0.0, topic
            return
        for name, (text, topic) in scripts.items():
            file = work / (name + ".sql")
            file.write_text(text)
            began = time.monotonic()
            try:
                code = subprocess.run([str(a.millrace), "run", str(file)], stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL, timeout=120).returncode
            except subprocess.TimeoutExpired:
                code = -1
            yield name, code, time.monotonic() - began, topic


def normal(record):
    """A record without what differs from run to run."""
    kept = {"key": record["key"], "value": record["value"], "headers": sorted(record.get("headers", []))}
    if record["timestamp"] < CLOCK_MADE:
        kept["timestamp"] = record["timestamp"]
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def run(a, checks):
    broker = kafka.up(sasl_user="alice", sasl_password="wonder")
    if "sasl_bootstrap" not in broker:
        raise SystemExit("the broker that runs has no SASL: ./dev oracle down")
    cases = sorted((HERE / "kafka_records").glob("*.sql"))
    cases = [case for case in cases if not a.cases or case.stem in a.cases]
    names = fill("records-%d" % time.time_ns())
    names.update(BROKER=broker["bootstrap"], SASL_BROKER=broker["sasl_bootstrap"])
    golden = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    for name, code, seconds, topic in run_all(a, cases, names):
        must_fail = name.endswith(("_fails", "_refused"))
        if must_fail:
            checks.check("%s: fails (code %d, %.1f s)" % (name, code, seconds),
                         code > 0 and seconds < ERROR_SECONDS_MAX, "it did not end with an error in time")
            continue
        seen = sorted(normal(record) for record in kafka.get_records(topic)) if code == 0 else []
        if a.write_golden and code == 0:
            golden[name] = seen
        good = code == 0 and seen == golden.get(name)
        if name in NOT_YET and a.engine == "millrace" and not good:
            checks.skip(name + ": not yet")
            continue
        if name in NOT_YET and a.engine == "millrace":
            checks.check(name + " passes: take it out of NOT_YET", False)
            continue
        checks.check("%s: %d records" % (name, len(seen)), good,
                     "code %d\n%s" % (code, kafka_window.difference(seen, golden.get(name, []))))
    if a.write_golden:
        GOLDEN.write_text(json.dumps(golden, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


def main(argv=None):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("cases", nargs="*")
    p.add_argument("--engine", choices=["millrace", "flink"], default="millrace")
    p.add_argument("--millrace", type=pathlib.Path, default=broker_test.MILLRACE)
    p.add_argument("--write-golden", action="store_true")
    a = p.parse_args(argv)
    program = a.millrace if a.engine == "millrace" else None
    return broker_test.main("kafka_records", lambda checks, work: run(a, checks), program)


if __name__ == "__main__":
    sys.exit(main())
