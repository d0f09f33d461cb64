"""Proves the oracle on this machine; prints one line a check. See README.md."""
import json
import os
import pathlib
import tempfile

import flink_run
import kafka

RUN_SQL = """
-- a ';' in a comment, in 'quotes' and in a block must not cut
CREATE TABLE numbers (id INT) WITH ('connector' = 'datagen', 'number-of-rows' = '5', 'fields.id.kind' = 'sequence',
  'fields.id.start' = '1', 'fields.id.end' = '5'); /* ; */
CREATE TABLE shown (id INT, note STRING) WITH ('connector' = 'checksum');
EXECUTE STATEMENT SET BEGIN
INSERT INTO shown SELECT id, 'it''s; fine' FROM numbers;
INSERT INTO shown SELECT id, CASE WHEN id > 2 THEN 'big' END FROM numbers WHERE id < CASE WHEN id > 0 THEN 9 END;
END;
CREATE TABLE lines (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '${FOLDER}', 'format' = 'json');
SELECT k, window_start, COUNT(*) AS c, SUM(v) AS s
  FROM TABLE(TUMBLE(TABLE lines, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY k, window_start, window_end;
SELECT k, COUNT(*) AS c FROM lines GROUP BY k;
"""

KAFKA_SQL = """
SET 'execution.checkpointing.interval' = '1s';
CREATE TABLE events (k INT, v BIGINT) WITH (
  'connector' = 'kafka', 'topic' = '${TOPIC}-in', 'properties.bootstrap.servers' = '${BROKER}',
  'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json');
CREATE TABLE copies (k INT, v BIGINT) WITH (
  'connector' = 'kafka', 'topic' = '${TOPIC}-out', 'properties.bootstrap.servers' = '${BROKER}',
  'format' = 'json', 'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = '${TOPIC}',
  'properties.transaction.timeout.ms' = '600000');
INSERT INTO copies SELECT k, v * 2 FROM events WHERE k > 0;
"""


def expect(what, seen, wanted):
    if seen != wanted:
        raise SystemExit("WRONG %s\n  seen   %s\n  wanted %s" % (what, seen, wanted))
    print("ok  " + what, flush=True)


def run_jobs(jobs, **options):
    """Runs (text, mode) jobs in one JVM and gives each job's lines."""
    with tempfile.TemporaryDirectory() as work:
        outputs = [pathlib.Path(work, "%d.ndjson" % i) for i in range(len(jobs))]
        flink_run.run([(text, output, mode) for (text, mode), output in zip(jobs, outputs)], **options)
        return [[json.loads(line) for line in output.read_text().splitlines()] for output in outputs]


def check_flink():
    with tempfile.TemporaryDirectory() as folder:
        lines = [{"k": "ab"[i % 2], "v": i, "ts": "2026-01-01 00:00:%02d" % i} for i in range(20)]
        pathlib.Path(folder, "part-0.json").write_text("".join(json.dumps(line) + "\n" for line in lines))
        batch_sql = "SELECT k, COUNT(*) FROM (VALUES ('a'), ('b'), ('a')) AS t(k) GROUP BY k;"
        stream, batch, wrong = run_jobs([(RUN_SQL.replace("${FOLDER}", folder), "streaming"), (batch_sql, "batch"),
                                         ("SELECT nothing;", "streaming")])
    rows = [(line["statement"], line["kind"], line["row"]) for line in stream if "row" in line]
    expect("flink: 6 statements", sum(1 for line in stream if line.get("done")), 6)
    expect("flink: windows over JSON files", sorted(r for s, _, r in rows if s == 4), [
        ["a", "2026-01-01 00:00:00.000", "5", "20"], ["a", "2026-01-01 00:00:10.000", "5", "70"],
        ["b", "2026-01-01 00:00:00.000", "5", "25"], ["b", "2026-01-01 00:00:10.000", "5", "75"]])
    expect("flink: changelog kinds in order", [kind for s, kind, row in rows if s == 5 and row[0] == "a"],
           ["+I"] + ["-U", "+U"] * 9)
    expect("flink: checksum sink saw 10 rows", [x["checksum"][1] for x in stream if x["statement"] == 2], ["10"])
    expect("flink: batch", sorted(line["row"] for line in batch if "row" in line), [["a", "2"], ["b", "1"]])
    expect("flink: a wrong script is told", [line["done"] for line in wrong], [False])


def check_kafka():
    running, topic = kafka.up(), "check-%d" % os.getpid()
    kafka.create(topic + "-in", partitions=2)
    kafka.create(topic + "-out")
    with tempfile.TemporaryDirectory() as work:
        files = [pathlib.Path(work, str(i)) for i in range(2)]
        for part, file in enumerate(files):
            file.write_text("".join('{"k":%d,"v":%d}\n' % (part, i) for i in range(300)))
        kafka.produce_per_partition(topic + "-in", files)
    expect("kafka: produced into two partitions", kafka.end_offsets(topic + "-in"), {0: 300, 1: 300})
    sql = flink_run.substitute(KAFKA_SQL, {"TOPIC": topic, "BROKER": running["bootstrap"]})
    run_jobs([(sql, "streaming")], kafka=True)
    seen = [json.loads(line)["v"] for line in kafka.consume(topic + "-out")]
    expect("kafka: Flink copied exactly once", sorted(seen), [i * 2 for i in range(300)])


def main():
    check_flink()
    started_here = not kafka.state_file().exists()
    check_kafka()
    if started_here:
        kafka.down()
    return 0
