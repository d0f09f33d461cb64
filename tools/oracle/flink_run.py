#!/usr/bin/env python3
"""Runs SQL scripts in real Flink 1.20 (one JVM, MiniCluster); writes rows and timings as NDJSON. See README.md."""
import argparse
import pathlib
import subprocess
import sys
import tempfile

import jvm
import packages


def command(jobs_file, work, *, parallelism=1, conf=(), heap="2g", kafka=False, java=(), jvm_flags=(), log=None,
            log_level="WARN", harness_options=()):
    """The command line of one JVM that runs the jobs listed in `jobs_file`."""
    jars = packages.flink_jars() + (packages.maven_jars("kafka-connector") if kafka else [])
    classes = [jvm.compile_harness(jars)] + [jvm.compile_java([source], jars) for source in java]
    options = ["--list", str(jobs_file), "--parallelism", str(parallelism), *harness_options]
    for pair in conf:
        options += ["--conf", pair]
    return ["java", "-Xmx" + heap, "-XX:MaxDirectMemorySize=2g", "-Djava.io.tmpdir=%s" % work, "-Duser.timezone=UTC",
            jvm.log4j_flag(log or packages.cache() / "flink_run.log", log_level), *jvm.MODULE_FLAGS, *jvm_flags,
            "-cp", jvm.class_path(classes, jars), "FlinkRun", *options]


def run(jobs, **options):
    """Runs jobs (script text, output file or "-", "streaming" or "batch") one after another; gives the exit code."""
    with tempfile.TemporaryDirectory(prefix="flink_run.") as work:
        lines = []
        for number, (text, output, mode) in enumerate(jobs):
            script = pathlib.Path(work, "%d.sql" % number)
            script.write_text(text)
            lines.append("%s\t%s\t%s\n" % (script, output, mode))
        listing = pathlib.Path(work, "jobs")
        listing.write_text("".join(lines))
        return subprocess.run(command(listing, work, **options)).returncode


def substitute(text, variables):
    """Replaces ${NAME} by the value of NAME."""
    for name, value in variables.items():
        text = text.replace("${%s}" % name, str(value))
    return text


def main(argv=None):
    p = argparse.ArgumentParser(prog="oracle.py run", description=__doc__)
    p.add_argument("scripts", nargs="+", metavar="FILE.sql")
    p.add_argument("--parallelism", type=int, default=1)
    p.add_argument("--batch", action="store_true")
    p.add_argument("--conf", nargs="+", action="extend", default=[], metavar="K=V", help="options of cluster and jobs")
    p.add_argument("--json", metavar="OUT", help="NDJSON file; a folder for several scripts (default: stdout)")
    p.add_argument("--kafka", action="store_true", help="add the Kafka connector to the class path")
    p.add_argument("--java", nargs="+", action="extend", default=[], metavar="FILE", help="functions to add")
    p.add_argument("--var", nargs="+", action="extend", default=[], metavar="K=V", help="replaces ${K} in the scripts")
    p.add_argument("--repeat", type=int, default=1, help="run each job N times; the rows of the last run are written")
    p.add_argument("--keep-going", action="store_true", help="go on after a statement that failed")
    p.add_argument("--max-rows", type=int, help="stop a SELECT after so many rows")
    p.add_argument("--timeout", type=float, help="cancel a job after so many seconds")
    p.add_argument("--heap", default="2g")
    p.add_argument("--jvm", nargs="+", action="extend", default=[], help="more JVM flags, as --jvm=-XX:+UseParallelGC")
    p.add_argument("--log", help="Flink's log file (default: flink_run.log in the cache)")
    p.add_argument("--log-level", default="WARN")
    a = p.parse_args(argv)
    variables = dict(pair.split("=", 1) for pair in a.var)
    jobs = []
    for script in map(pathlib.Path, a.scripts):
        output = "-"
        if a.json:
            output = pathlib.Path(a.json, script.stem + ".ndjson") if len(a.scripts) > 1 else pathlib.Path(a.json)
        here = dict({"DIR": script.resolve().parent}, **variables)
        jobs.append((substitute(script.read_text(), here), output, "batch" if a.batch else "streaming"))
    options = ["--repeat", str(a.repeat)] + ["--keep-going"] * a.keep_going
    for flag, value in (("--max-rows", a.max_rows), ("--timeout", a.timeout)):
        options += [flag, str(value)] if value is not None else []
    return run(jobs, parallelism=a.parallelism, conf=a.conf, heap=a.heap, kafka=a.kafka, java=a.java, jvm_flags=a.jvm,
               log=a.log, log_level=a.log_level, harness_options=options)


if __name__ == "__main__":
    sys.exit(main())
