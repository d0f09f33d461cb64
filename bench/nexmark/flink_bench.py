#!/usr/bin/env python3
"""Measures Nexmark queries on real Flink 1.20 over NDJSON files; prints one JSON object a query and setting.

  flink_bench.py --data DIR [--queries q0 q5 ...] [--parallelism 2] [--settings heap official] [--checksum]

DIR/<parallelism>/ holds as many files as source subtasks (run_bench.py makes them). Each query has a JVM of its own
and runs twice in it: the first run warms up, the second counts. bench/README.md says what the figures mean.
"""
import argparse
import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tools" / "oracle"))
import flink_run  # noqa: E402

QUERIES = ["q%d" % n for n in (0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)]

HEAP = ["pipeline.object-reuse=true", "state.backend.type=hashmap", "taskmanager.memory.managed.size=1g",
        "taskmanager.memory.network.min=256m", "taskmanager.memory.network.max=256m"]
MINI_BATCH = ["table.exec.mini-batch.enabled=true", "table.exec.mini-batch.allow-latency=2s",
              "table.exec.mini-batch.size=50000", "table.optimizer.distinct-agg.split.enabled=true"]
ROCKSDB = ["state.backend.type=rocksdb", "state.backend.incremental=true", "execution.checkpointing.interval=30s",
           "execution.checkpointing.mode=EXACTLY_ONCE"]
SETTINGS = {
    "heap": HEAP,
    "official": HEAP + MINI_BATCH,  # Nexmark's own options of the planner, without checkpoints: the faster form
    "official-rocksdb": [pair for pair in HEAP if not pair.startswith("state.")] + MINI_BATCH + ROCKSDB,
}


def script(query, data, sink="blackhole"):
    """Source, views and the query; `sink` is the connector that the result goes to."""
    parts = [HERE / "source_files.sql", HERE / "views.sql", HERE / "queries" / (query + ".sql")]
    text = "\n;\n".join(part.read_text() for part in parts)
    if sink != "blackhole":
        text = text.replace("'blackhole'", "'%s'" % sink)
    return flink_run.substitute(text, {"DATA_DIR": data, "NEXMARK_TABLE": "datagen"})


def run_jvm(jobs, parallelism, setting, heap, repeat):
    """Runs scripts in one JVM; gives for each the harness's lines of its INSERT, one per run."""
    with tempfile.TemporaryDirectory(prefix="flink_bench.") as work:
        outputs = [pathlib.Path(work, "%d.ndjson" % number) for number in range(len(jobs))]
        conf = list(SETTINGS[setting])
        if setting == "official-rocksdb":
            conf.append("execution.checkpointing.dir=file://%s/checkpoints" % work)
        flink_run.run([(text, output, "streaming") for text, output in zip(jobs, outputs)], parallelism=parallelism,
                      conf=conf, heap=heap, java=[HERE / "java" / "CountChar.java"], jvm_flags=["-Xms1g"],
                      harness_options=["--repeat", str(repeat)])
        results = [[json.loads(line) for line in output.read_text().splitlines()] for output in outputs]
    for lines in results:
        if not lines or not lines[-1]["done"]:
            raise SystemExit("flink_bench: Flink failed: %s" % (lines[-1].get("error") if lines else "no output"))
    return [[line for line in lines if line.get("job")] for lines in results]


def measure(query, data, parallelism, setting, events, heap):
    """One query in a JVM of its own, twice: the second run counts, the first (cold JIT) is given beside it."""
    runs = run_jvm([script(query, data)], parallelism, setting, heap, 2)[0]
    cold, warm = runs[0], runs[-1]
    return {"engine": "flink", "query": query, "source": "files", "parallelism": parallelism, "setting": setting,
            "events": events, "wall_s": warm["job_s"], "cpu_s": warm["job_cpu_s"], "cold_cpu_s": cold["job_cpu_s"],
            "peak_rss_mb": max(run["peak_rss_mb"] for run in runs)}


def checksums(queries, data, parallelism, events, heap):
    """The checksum of each query's result; all in one JVM, nothing is measured."""
    results = run_jvm([script(query, data, "checksum") for query in queries], parallelism, "heap", heap, 1)
    for query, lines in zip(queries, results):
        value, rows, inserts = lines[-1].get("checksum", ["0" * 16, "0", "0"])
        yield {"engine": "flink", "query": query, "source": "files", "parallelism": parallelism, "events": events,
               "checksum": value, "rows": int(rows), "insert_only": rows == inserts}


def count_events(data):
    """Lines in the data files, kept in a file beside them."""
    known = data / ".events"
    if not known.exists():
        total = 0
        for file in sorted(data.glob("*.json")):
            with open(file, "rb") as source:
                while block := source.read(1 << 22):
                    total += block.count(b"\n")
        known.write_text(str(total))
    return int(known.read_text())


def main(argv=None):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True, type=pathlib.Path)
    p.add_argument("--queries", nargs="+", default=QUERIES, choices=QUERIES, metavar="qN")
    p.add_argument("--parallelism", type=int, default=2)
    p.add_argument("--settings", nargs="+", default=["heap", "official"], choices=sorted(SETTINGS))
    p.add_argument("--heap", default="8g")
    p.add_argument("--checksum", action="store_true", help="one unmeasured run a query into the checksum sink instead")
    a = p.parse_args(argv)
    data = (a.data / str(a.parallelism)).resolve()
    if not any(data.glob("*.json")):
        raise SystemExit("flink_bench: no *.json in %s (run_bench.py --prepare makes it)" % data)
    events = count_events(data)
    if a.checksum:
        for line in checksums(a.queries, data, a.parallelism, events, a.heap):
            print(json.dumps(line), flush=True)
        return 0
    for query in a.queries:
        for setting in a.settings:
            print(json.dumps(measure(query, data, a.parallelism, setting, events, a.heap)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
