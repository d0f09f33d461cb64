#!/usr/bin/env python3
"""Runs each libFuzzer program of a build folder for some seconds; ends with: N passed, N failed[, N skipped].

Seeds of fuzz/<path>/x_fuzz.cc are the files of the folder fuzz/<path>/x_seeds/, when there is one. An input that
crashes a program is kept in <build>/crashes/ and named.
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INPUT_BYTES_MAX = 65536
MEMORY_MB_MAX = 2048
SECONDS_PER_INPUT_MAX = 10


def run_target(program, source, build, seconds):
    """True when the program found nothing within the time."""
    corpus = build / "corpus" / program.name
    corpus.mkdir(parents=True, exist_ok=True)
    crashes = build / "crashes"
    crashes.mkdir(exist_ok=True)
    seeds = source.with_name(source.stem.removesuffix("_fuzz") + "_seeds")
    limits = [f"-max_total_time={seconds}", f"-max_len={INPUT_BYTES_MAX}", f"-rss_limit_mb={MEMORY_MB_MAX}",
              f"-timeout={SECONDS_PER_INPUT_MAX}"]
    kept = f"-artifact_prefix={crashes}/{program.name}-"
    command = [str(program), *limits, "-print_final_stats=1", kept, str(corpus)]
    command += [str(seeds)] if seeds.is_dir() else []
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, errors="replace", check=False)
    executed = next((line.split()[-1] for line in done.stderr.splitlines() if "number_of_executed_units" in line), "0")
    if done.returncode == 0:
        print(f"{program.name}: {executed} inputs in {seconds} s, nothing found", flush=True)
        return True
    print("\n".join(done.stderr.splitlines()[-60:]))
    print(f"{program.name}: FAILED after {executed} inputs; the input is kept in {crashes}", flush=True)
    return False


def main():
    parser = argparse.ArgumentParser(prog="./dev fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("targets", nargs="*", help="names such as parser_fuzz; all when none is named")
    parser.add_argument("--seconds", type=int, default=10, help="per target (10)")
    parser.add_argument("--counts", help="append one JSON line with the counts to this file")
    arguments = parser.parse_args()

    sources = {path.stem: path for path in sorted((ROOT / "fuzz").rglob("*_fuzz.cc"))}
    unknown = [name for name in arguments.targets if name not in sources]
    if unknown:
        print(f"no fuzz target {', '.join(unknown)}; there are: {', '.join(sources) or 'none'}", file=sys.stderr)
        return 2
    build = arguments.build.resolve()
    passed = failed = 0
    for name in arguments.targets or sources:
        if run_target(build / "bin" / name, sources[name], build, arguments.seconds):
            passed += 1
        else:
            failed += 1
    skipped = 0 if sources else 1
    if skipped:
        print("skipped: fuzz/ holds no *_fuzz.cc")
    if arguments.counts:
        with open(arguments.counts, "a", encoding="utf-8") as file:
            file.write(json.dumps({"passed": passed, "failed": failed, "skipped": skipped}) + "\n")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
