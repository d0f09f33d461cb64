#!/usr/bin/env python3
"""What checkpoints cost a job with about 1 GB of state, and how long it takes to go on from one.

  run.py [--rows 120000000] [--runs 3] [--parallelism 1]     prints a table; about ten minutes

The same job without and with a checkpoint every 10 s, one after the other, the median by wall time of the runs. Keys
are drawn by Zipf(1.0), or all alike. `restore` is the time from the start of a new process until the job has ended that
goes on from a checkpoint near the end of the input.
"""
import argparse
import re
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
MILLRACE = HERE.parents[1] / "build" / "release" / "bin" / "millrace"
# Draws k with a chance of 1/k, up to 20 million; or one of 12 million.
KEYS = {"Zipf(1.0)": "EXP(u * 16.8)", "uniform": "u * 12000000"}
MEGABYTE = 1024 * 1024


def run(folder, script, parallelism, *options):
    """(wall seconds, CPU seconds, checkpoints taken) of one process."""
    command = [str(MILLRACE), "run", str(script), "-p", str(parallelism), *options]
    started = time.monotonic()
    done = subprocess.run(["/usr/bin/time", "-f", "cpu %U %S", *command], cwd=folder, capture_output=True, text=True,
                          check=True)
    wall = time.monotonic() - started
    user, system = re.search(r"cpu ([\d.]+) ([\d.]+)", done.stderr).groups()
    return wall, float(user) + float(system), done.stderr.count("checkpoint ")


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGABYTE


def measure(a, name):
    with tempfile.TemporaryDirectory(prefix="millrace_checkpoints_", dir=a.scratch) as scratch:
        folder = Path(scratch)
        text = (HERE / "job.sql").read_text().replace("${ROWS}", str(a.rows)).replace("${KEY}", KEYS[name])
        script = folder / "job.sql"
        script.write_text(text)

        def median(*options):
            return sorted(run(folder, script, a.parallelism, *options) for _ in range(a.runs))[a.runs // 2]

        without = median()
        taken = median("--checkpoint-dir", "state", "--checkpoint-interval", "10 s")
        run(folder, script, a.parallelism, "--checkpoint-dir", "last", "--checkpoint-after-rows",
            str(a.rows - a.rows // 100), "--stop-after-checkpoint")
        restore = run(folder, script, a.parallelism, "--restore", "last")
        print(f"| {name} | {a.parallelism} | {a.rows // 1_000_000} M | {without[0]:.1f} | {taken[0]:.1f} | "
              f"**{(1 - without[0] / taken[0]) * 100:.0f} %** | {without[1]:.1f} | {taken[1]:.1f} | {taken[2]} | "
              f"{size_of(folder / 'last'):.0f} | {restore[0]:.1f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=120_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--parallelism", type=int, default=1)
    parser.add_argument("--scratch", help="a folder for the checkpoints (default: the system's)")
    a = parser.parse_args()
    print("| keys | par. | rows | wall s without | with | less throughput | CPU s without | with | checkpoints "
          "| MB each | restore s |")
    print("|---|---|---|---|---|---|---|---|---|---|---|", flush=True)
    for name in KEYS:
        measure(a, name)


if __name__ == "__main__":
    main()
