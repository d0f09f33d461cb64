#!/usr/bin/env python3
"""Kafka to Kafka and to files through a windowed aggregation, on a real broker, compared with real Flink's answer.

  kafka_window.py [--messages 50000]                     runs build/release/bin/millrace; ends with "N passed, N failed"
  kafka_window.py --messages 1000000                     the long form
  kafka_window.py --engine flink --write-golden          what made kafka_window.golden.json (for each --messages)

The input is seeded, in 4 partitions, out of order by less than the watermark's delay, so that nothing is late and the
result does not depend on who reads how fast. The golden holds a hash of the rows that real Flink 1.20 wrote into both
sinks. A small model in this file computes the rows as well: it is checked against Flink's hash first, and then shows
which rows differ, not only that some do.
"""
import argparse
import collections
import csv
import datetime
import decimal
import hashlib
import json
import pathlib
import random
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GOLDEN = HERE / "kafka_window.golden.json"
sys.path[:0] = [str(HERE), str(ROOT / "tools" / "oracle")]
import broker_test  # noqa: E402
import flink_run  # noqa: E402
import kafka  # noqa: E402

PARTITIONS = 4
USERS = ["user-%d" % n for n in range(150)] + ["größe", "名前", "quo\"te", "comma,semi;"]
START = datetime.datetime(2024, 1, 1)
STEP_MS, JITTER_MS, WINDOW_MS = 2, 3000, 10_000


def messages(count):
    """The seeded input: (partition, message) in the order in which they are sent."""
    chance = random.Random(20240101)
    for number in range(count):
        millis = max(0, number * STEP_MS - chance.randrange(JITTER_MS))
        message = {
            "id": number,
            "user": None if chance.random() < 0.01 else USERS[min(chance.randrange(200), len(USERS) - 1)],
            "item": {"sku": "sku-%d" % chance.randrange(40), "price": chance.randrange(1, 1_000_000) / 100,
                     "tags": ["new", {"depth": [1, 2]}]},
            "quantity": None if chance.random() < 0.01 else chance.randrange(0, 6),
            "ts": text_of(millis),
            "note": "unread \\ \"text\" " + "x" * chance.randrange(60),
        }
        if chance.random() < 0.005:
            message["item"] = None
        yield chance.randrange(PARTITIONS), millis, message


def text_of(millis):
    return (START + datetime.timedelta(milliseconds=millis)).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def write_input(count, folder):
    files = [folder / ("partition-%d" % n) for n in range(PARTITIONS)]
    outputs = [open(file, "w", encoding="utf-8") for file in files]
    for partition, _, message in messages(count):
        outputs[partition].write(json.dumps(message, ensure_ascii=False, separators=(",", ":")) + "\n")
    for output in outputs:
        output.close()
    return files


def model(count):
    """What the script must give: a sorted list of canonical rows."""
    groups = collections.defaultdict(lambda: [0, None, None, set()])
    for _, millis, message in messages(count):
        if message["quantity"] is None or message["quantity"] <= 0:
            continue
        group = groups[message["user"], millis // WINDOW_MS * WINDOW_MS]
        group[0] += 1
        if message["item"] is not None:
            price = decimal.Decimal(str(message["item"]["price"]))
            group[1] = (group[1] or 0) + price * message["quantity"]
            group[2] = price if group[2] is None else max(group[2], price)
            group[3].add(message["item"]["sku"])
    return sorted(canonical([user, text_of(start), text_of(start + WINDOW_MS), number, revenue, highest, len(skus)])
                  for (user, start), (number, revenue, highest, skus) in groups.items())


def canonical(fields):
    """One text for one row, whether it came from JSON, CSV or the model."""
    user, start, end, number, revenue, highest, skus = fields

    def amount(value):
        return "NULL" if value in (None, "") else "%.2f" % decimal.Decimal(str(value))

    def moment(value):
        return value.replace("T", " ").split(".")[0]  # windows begin and end on whole seconds

    return "|".join(["NULL" if user in (None, "") else user, moment(start), moment(end), str(number), amount(revenue),
                     amount(highest), str(skus)])


def rows_of_topic(topic):
    names = ("user", "window_start", "window_end", "purchases", "revenue", "highest", "skus")
    written = sum(kafka.end_offsets(topic).values())
    texts = kafka.consume(topic, maximum=written, idle_ms=60_000) if written > 0 else []
    if len(texts) != written:
        raise SystemExit("kafka_window: %d of the topic's %d records could be read" % (len(texts), written))
    lines = (json.loads(text, parse_float=decimal.Decimal) for text in texts)
    return sorted(canonical([line.get(name) for name in names]) for line in lines)


def rows_of_files(folder):
    found = []
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name.startswith((".", "_")):
            raise SystemExit("kafka_window: an unfinished file was left: %s" % file.name)
        if file.is_file():
            with open(file, newline="", encoding="utf-8") as lines:
                found += [canonical(fields) for fields in csv.reader(lines)]
    return sorted(found)


def digest(rows):
    return {"rows": len(rows), "sha256": hashlib.sha256("\n".join(rows).encode()).hexdigest(),
            "first": rows[:2], "last": rows[-2:]}


def run_engine(a, script, work):
    began = time.monotonic()
    if a.engine == "flink":
        code = flink_run.run([(script, work / "flink.ndjson", "streaming")], parallelism=a.parallelism, kafka=True)
        if code != 0:
            print((work / "flink.ndjson").read_text()[-3000:])
    else:
        file = work / "kafka_window.sql"
        file.write_text(script)
        command = [str(a.millrace), "run", str(file), "--parallelism", str(a.parallelism)]
        code = subprocess.run(command, stdout=subprocess.DEVNULL, timeout=900).returncode
    if code != 0:
        raise SystemExit("kafka_window: %s ended with code %d" % (a.engine, code))
    return time.monotonic() - began


def difference(seen, wanted):
    """Some of the rows that are too many and too few."""
    extra, missing = collections.Counter(seen), collections.Counter(wanted)
    extra.subtract(wanted)
    missing.subtract(seen)
    lines = ["  only here:   " + row for row, n in sorted(extra.items()) if n > 0][:5]
    return "\n".join(lines + ["  only wanted: " + row for row, n in sorted(missing.items()) if n > 0][:5])


def run(a, checks, work):
    files = write_input(a.messages, work)
    broker = kafka.up()
    name = "window-%d" % time.time_ns()
    kafka.create(name + "-in", partitions=PARTITIONS)
    kafka.create(name + "-out", partitions=2)
    kafka.produce_per_partition(name + "-in", files)
    ends = kafka.end_offsets(name + "-in")
    checks.check("%d messages in %d partitions" % (a.messages, PARTITIONS), sum(ends.values()) == a.messages, str(ends))
    script = flink_run.substitute((HERE / "kafka_window.sql").read_text(), {
        "BROKER": broker["bootstrap"], "TOPIC_IN": name + "-in", "TOPIC_OUT": name + "-out", "OUT": work / "out"})
    seconds = run_engine(a, script, work)
    print("%s: %.1f s, start-up included, parallelism %d" % (a.engine, seconds, a.parallelism), flush=True)
    topic, written, wanted = rows_of_topic(name + "-out"), rows_of_files(work / "out"), model(a.messages)
    golden = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    if a.write_golden:
        if not topic == written == wanted:
            raise SystemExit("kafka_window: topic, files and model differ\n" + difference(topic, wanted))
        golden[str(a.messages)] = digest(topic)
        golden["made by"] = "tests/e2e/kafka_window.py --engine flink --write-golden --messages N (real Flink 1.20.0)"
        GOLDEN.write_text(json.dumps(golden, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    if str(a.messages) not in golden:
        raise SystemExit("kafka_window: no golden for %d messages: --engine flink --write-golden makes it" % a.messages)
    flink = golden[str(a.messages)]
    checks.check("the model agrees with real Flink", digest(wanted) == flink, "%s\n%s" % (digest(wanted), flink))
    for what, rows in (("topic", topic), ("files", written)):
        checks.check("the %s holds real Flink's %d rows" % (what, flink["rows"]), digest(rows) == flink,
                     difference(rows, wanted))


def main(argv=None):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--messages", type=int, default=50_000)
    p.add_argument("--engine", choices=["millrace", "flink"], default="millrace")
    p.add_argument("--millrace", type=pathlib.Path, default=broker_test.MILLRACE,
                   help="the program (default: the release build's)")
    p.add_argument("--parallelism", type=int, default=2)
    p.add_argument("--write-golden", action="store_true")
    a = p.parse_args(argv)
    program = a.millrace if a.engine == "millrace" else None
    return broker_test.main("kafka_window", lambda checks, work: run(a, checks, work), program)


if __name__ == "__main__":
    sys.exit(main())
