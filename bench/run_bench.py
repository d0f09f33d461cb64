#!/usr/bin/env python3
"""Nexmark on Millrace and on real Flink, same files, same session; writes bench/RESULTS.md. `./dev bench nexmark`:

  run_bench.py                     everything: parallelism 1 and 2, both engines, checksums (about two hours)
  run_bench.py --quick             200,000 events, parallelism 2: does it work, not how fast
  run_bench.py --queries q0 q5     some queries; --no-flink, --no-generator leave parts out
  run_bench.py --render            only writes RESULTS.md anew from the measurements that are there

bench/README.md says what is measured and how.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bench" / "nexmark"))
import dataset  # noqa: E402
import flink_bench  # noqa: E402
import report  # noqa: E402

STATELESS = ("q0", "q1", "q2", "q14", "q21", "q22")
FAST = STATELESS + ("q3", "q8")
FAST_EVENTS, OTHER_EVENTS, QUICK_EVENTS = 10_000_000, 2_000_000, 200_000
MILLRACE_RUNS = 3


class Measurements:
    """What was measured, one JSON object a line, appended as it comes: a run that is cut off loses nothing."""

    def __init__(self, file):
        self.file = file
        file.parent.mkdir(parents=True, exist_ok=True)

    def add(self, line):
        line = dict(line, at=time.strftime("%Y-%m-%d %H:%M"))
        with open(self.file, "a") as out:
            out.write(json.dumps(line) + "\n")
        print(json.dumps(line), flush=True)

    def read(self):
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []


def run_millrace(query, parallelism, events, data=None):
    """One process, one query; gives what `millrace bench nexmark --json` prints. No data: from the generator."""
    command = [str(dataset.MILLRACE), "bench", "nexmark", "--query", query, "--parallelism", str(parallelism), "--json"]
    command += ["--data", str(data)] if data else ["--events", str(events)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        return {"engine": "millrace", "query": query, "parallelism": parallelism, "events": events,
                "source": "files" if data else "generator", "failed": done.stderr.strip()[-300:]}
    line = json.loads(done.stdout.strip().splitlines()[-1])
    return dict(line, engine="millrace", source="files" if data else "generator", parallelism=parallelism)


def median_run(query, parallelism, events, data=None):
    """Of MILLRACE_RUNS processes the one with the median CPU time; a failed one when there is one."""
    runs = [run_millrace(query, parallelism, events, data) for _ in range(MILLRACE_RUNS)]
    failed = [run for run in runs if "failed" in run]
    return failed[0] if failed else sorted(runs, key=lambda run: run["cpu_s"])[MILLRACE_RUNS // 2]


def measure(a, store, query, parallelism, events):
    data = dataset.folder(a.data, events, parallelism)
    if not a.no_millrace:
        run_millrace(query, parallelism, events, data)  # the files into the page cache, as Flink's first run does
        store.add(median_run(query, parallelism, events, data))
        if not a.no_generator:
            store.add(median_run(query, parallelism, events))
    if not a.no_flink:
        # without state the settings do not differ: mini-batch and split distinct concern aggregates
        for setting in a.settings[:1] if query in STATELESS else a.settings:
            store.add(flink_bench.measure(query, data, parallelism, setting, events, a.flink_heap))


def usual_events(query, quick):
    if quick:
        return QUICK_EVENTS
    return FAST_EVENTS if query in FAST else OTHER_EVENTS


def main(argv=None):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--queries", nargs="+", default=flink_bench.QUERIES, choices=flink_bench.QUERIES, metavar="qN")
    p.add_argument("--parallelism", type=int, nargs="+", default=None)
    p.add_argument("--events", type=int, help="for every query (default: 10 M for the fast ones, 2 M for the others)")
    p.add_argument("--data", type=pathlib.Path, default=ROOT / "build" / "bench" / "nexmark")
    p.add_argument("--settings", nargs="+", default=["heap", "official"], choices=sorted(flink_bench.SETTINGS))
    p.add_argument("--flink-heap", default="8g")
    for flag in ("--quick", "--no-flink", "--no-millrace", "--no-generator", "--no-checksums", "--prepare", "--render"):
        p.add_argument(flag, action="store_true")
    p.add_argument("--out", type=pathlib.Path, help="default: bench/RESULTS.md; with --quick only standard output")
    a = p.parse_args(argv)
    a.data = a.data.resolve()
    parallelisms = a.parallelism or ([2] if a.quick else [1, 2])
    sizes = {query: a.events or usual_events(query, a.quick) for query in a.queries}
    store = Measurements(a.data / ("quick.ndjson" if a.quick else "measurements.ndjson"))
    if not a.render:
        for events in sorted(set(sizes.values())):
            dataset.make(a.data, events, parallelisms)
        if a.prepare:
            return 0
        if not a.no_checksums and not a.no_flink:
            # at parallelism 1, where ties have one order; the sums of insert-only queries hold at any parallelism
            for events in sorted(set(sizes.values())):
                data = dataset.folder(a.data, events, 1)
                queries = [q for q in a.queries if sizes[q] == events]
                for line in flink_bench.checksums(queries, data, 1, events, a.flink_heap):
                    store.add(line)
        for query in a.queries:
            for parallelism in parallelisms:
                measure(a, store, query, parallelism, sizes[query])
    text, wrong = report.render(store.read())
    out = a.out or (None if a.quick else ROOT / "bench" / "RESULTS.md")
    if out:
        out.write_text(text)
    print(text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
