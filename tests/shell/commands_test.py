#!/usr/bin/env python3
"""`millrace doctor`, exit codes, checkpoints of `millrace run`, and what wrong options and missing things say."""
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import cases  # noqa: E402


def call(program, folder, *arguments, seconds=60, **more):
    started = time.monotonic()
    done = subprocess.run([str(program), *arguments], capture_output=True, text=True, cwd=folder, timeout=seconds,
                          stdin=subprocess.DEVNULL, check=False, **more)
    done.seconds = time.monotonic() - started
    return done


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def fails(program, folder, sql, code, *texts):
    done = call(program, folder, "run", "-e", sql)
    assert done.returncode == 1, done
    assert f"code: {code}" in done.stderr, done.stderr
    for text in texts:
        assert text in done.stderr, (text, done.stderr)
    assert done.seconds < 15, f"took {done.seconds:.1f} s"


def files_table(options):
    return f"CREATE TABLE t (a INT, b STRING) WITH ('connector' = 'filesystem', {options}); SELECT * FROM t"


def test_doctor_is_well_here(program, folder):
    done = call(program, folder, "doctor")
    names = ("cores", "memory", "huge pages", "open files", "temporary files", "time zones", "unicode", "kafka client")
    assert done.returncode == 0, done
    for name in names:
        line = next(line for line in done.stdout.splitlines() if line[6:].startswith(name))
        assert line.startswith(("ok", "warn")), line


def test_doctor_in_json_says_what_to_do(program, folder):
    port = free_port()
    missing = str(folder / "missing")
    done = call(program, folder, "doctor", "--json", "--state-dir", missing, "--bootstrap-servers", f"127.0.0.1:{port}")
    report = json.loads(done.stdout)
    checks = {check["name"]: check for check in report["checks"]}
    assert done.returncode == 1 and report["ok"] is False, done
    assert checks["state"]["status"] == "fail" and missing in checks["state"]["text"], checks["state"]
    assert checks["brokers"]["status"] == "fail" and str(port) in checks["brokers"]["text"], checks["brokers"]
    assert all(check["advice"] for check in checks.values() if check["status"] != "ok"), checks
    assert done.seconds < 20, done.seconds


def test_doctor_finds_a_temporary_folder_that_is_not_there(program, folder):
    done = call(program, folder, "doctor", env=dict(os.environ, TMPDIR=str(folder / "missing")))
    line = next(line for line in done.stdout.splitlines() if "temporary files" in line)
    assert (done.returncode == 1 and line.startswith("fail")) or "missing" not in line, done


def test_exit_codes(program, folder):
    assert call(program, folder).returncode == 0
    assert call(program, folder, "--version").returncode == 0
    assert call(program, folder, "run", "--help").returncode == 0
    for command in ("run", "sql", "explain", "functions", "doctor"):
        assert "Exit codes" in call(program, folder, command, "--help").stdout, command
    assert "Exit codes" in call(program, folder, "--help").stdout
    assert call(program, folder, "run", "-e", "SELECT 1").returncode == 0
    assert call(program, folder, "run", "-e", "SELECT nothing").returncode == 1
    assert call(program, folder, "walk").returncode == 2
    assert call(program, folder, "run", "--no-such-option").returncode == 2
    assert call(program, folder, "run").returncode == 2
    assert call(program, folder, "run", "missing.sql").returncode == 2


def test_missing_file(program, folder):
    fails(program, folder, files_table("'path' = 'nowhere.json', 'format' = 'json'"), "file.missing", "nowhere.json")


def test_missing_option(program, folder):
    fails(program, folder, files_table("'format' = 'json'"), "option.missing", "'path'")
    (folder / "a.json").write_text("{}", encoding="utf-8")
    fails(program, folder, files_table("'path' = 'a.json'"), "option.missing", "'format'")
    fails(program, folder, files_table("'path' = 'a.json', 'fromat' = 'json'"), "option.missing", "'fromat'")


def test_unknown_option_names_the_nearest(program, folder):
    (folder / "a.json").write_text("{}", encoding="utf-8")
    fails(program, folder, files_table("'path' = 'a.json', 'fromat' = 'json', 'format' = 'json'"), "option.unknown",
          "'fromat'", "'format'")
    fails(program, folder, files_table("'path' = 'a.json', 'format' = 'json', 'json.ignore-parse-error' = 'true'"),
          "option.unknown", "'json.ignore-parse-error'", "json.ignore-parse-errors")


def test_unknown_connector_and_format_name_the_nearest(program, folder):
    fails(program, folder, "CREATE TABLE t (a INT) WITH ('connector' = 'kafak'); SELECT * FROM t", "connector.unknown",
          "'kafak'", "kafka")
    (folder / "a.json").write_text("{}", encoding="utf-8")
    fails(program, folder, files_table("'path' = 'a.json', 'format' = 'jsn'"), "format.unknown", "jsn", "json")


def test_wrong_value_names_option_and_type(program, folder):
    (folder / "a.json").write_text("{}", encoding="utf-8")
    fails(program, folder, files_table("'path' = 'a.json', 'format' = 'json', 'json.ignore-parse-errors' = 'perhaps'"),
          "option.value", "json.ignore-parse-errors", "perhaps")


def test_unreachable_broker(program, folder):
    port = free_port()
    fails(program, folder,
          f"CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'topic' = 'x', 'properties.bootstrap.servers' = "
          f"'127.0.0.1:{port}', 'properties.group.id' = 'g', 'format' = 'json', 'scan.startup.mode' = "
          "'earliest-offset'); SELECT * FROM t", "kafka.unreachable", str(port))


def test_malformed_row_names_file_and_line(program, folder):
    (folder / "a.json").write_text('{"a":1}\n{"a":2}\n{"a":"x"}\n', encoding="utf-8")
    done = call(program, folder, "run", "-e", files_table("'path' = 'a.json', 'format' = 'json'"))
    assert done.returncode == 1 and "a.json, line 3" in done.stderr and "'a'" in done.stderr, done.stderr


def test_output_folder_that_cannot_be_written(program, folder):
    (folder / "file").write_text("", encoding="utf-8")
    done = call(program, folder, "run", "-e", "CREATE TABLE o (a INT) WITH ('connector' = 'filesystem', 'path' = "
                "'file/below', 'format' = 'json'); INSERT INTO o SELECT 1")
    assert done.returncode == 1 and "file/below" in done.stderr and "code:" in done.stderr, done


def numbers(folder, count):
    (folder / "n.json").write_text("".join(f'{{"n":{i}}}\n' for i in range(count)), encoding="utf-8")
    (folder / "job.sql").write_text(
        "CREATE TABLE n (n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'n.json', 'format' = 'json');\n"
        "CREATE TABLE o (k BIGINT, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');\n"
        "INSERT INTO o SELECT MOD(n, 10), n FROM n;\n"
        "SELECT COUNT(*) AS c, SUM(n) AS s FROM n;\n", encoding="utf-8")


def test_run_stops_with_a_checkpoint_and_goes_on(program, folder):
    numbers(folder, 5000)
    first = call(program, folder, "run", "job.sql", "-p", "1", "--checkpoint-dir", "state", "--checkpoint-after-rows",
                 "2500", "--stop-after-checkpoint")
    assert first.returncode == 0 and "state/chk-1" in first.stderr, first
    assert (folder / "state/chk-1/MANIFEST").exists()
    second = call(program, folder, "run", "job.sql", "-p", "3", "--restore", "state")
    assert second.returncode == 0 and second.stdout.splitlines()[-1] == f"+U[5000, {5000 * 4999 // 2}]", second
    rows = [json.loads(line)["n"] for path in (folder / "out").rglob("*") if path.is_file()
            for line in path.read_text(encoding="utf-8").splitlines()]
    assert sorted(rows) == list(range(5000)), len(rows)


def test_restore_skips_jobs_that_were_done(program, folder):
    numbers(folder, 1000)
    full = "INSERT INTO o SELECT MOD(n, 10), n FROM n;\n"
    text = (folder / "job.sql").read_text(encoding="utf-8").replace(full, "INSERT INTO o VALUES (1, 1);\n")
    (folder / "job.sql").write_text(text, encoding="utf-8")
    first = call(program, folder, "run", "job.sql", "--checkpoint-dir", "state", "--checkpoint-after-rows", "500",
                 "--stop-after-checkpoint")
    assert first.returncode == 0, first
    second = call(program, folder, "run", "job.sql", "--restore", "state/chk-1")
    assert second.returncode == 0 and "does not run again" in second.stderr, second
    rows = [line for path in (folder / "out").rglob("*") if path.is_file()
            for line in path.read_text(encoding="utf-8").splitlines()]
    assert rows == ['{"k":1,"n":1}'], rows


def test_checkpoints_while_a_job_runs(program, folder):
    (folder / "job.sql").write_text(
        "CREATE TABLE g (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '2000', 'fields.n.kind' = "
        "'sequence', 'fields.n.start' = '1', 'fields.n.end' = '1000000000');\nSELECT COUNT(*) FROM g;\n",
        encoding="utf-8")
    command = [str(program), "run", "job.sql", "--checkpoint-dir", "state", "--checkpoint-interval", "50 ms"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as job:
        lines = [job.stderr.readline() for _ in range(3)]
        job.send_signal(signal.SIGINT)
        job.stderr.read()
        assert job.wait(30) == 130
    assert [line.strip() for line in lines] == [f"checkpoint state/chk-{i}" for i in (1, 2, 3)], lines
    kept = sorted(path.name for path in (folder / "state").iterdir())
    assert len(kept) == 1, kept  # the newest; older ones are removed


def test_a_killed_job_goes_on_exactly_once(program, folder):
    (folder / "job.sql").write_text(
        "CREATE TABLE g (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '2000', 'fields.n.kind' = "
        "'sequence', 'fields.n.start' = '1', 'fields.n.end' = '6000');\n"
        "CREATE TABLE o (n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');\n"
        "INSERT INTO o SELECT n FROM g;\n", encoding="utf-8")
    flags = ["--checkpoint-dir", "state", "--checkpoint-interval", "30 ms"]
    for parallelism, lines in (("1", 2), ("3", 3)):
        command = [str(program), "run", "job.sql", "-p", parallelism, "--restore", "state", *flags]
        if parallelism == "1":
            del command[5:7]
        with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as job:
            for _ in range(lines):
                assert "state/chk-" in job.stderr.readline()
            job.kill()
    last = call(program, folder, "run", "job.sql", "-p", "2", "--restore", "state", *flags)
    assert last.returncode == 0, last
    rows = [json.loads(line)["n"] for path in (folder / "out").rglob("[!.]*") if path.is_file()
            for line in path.read_text(encoding="utf-8").splitlines()]
    assert sorted(rows) == list(range(1, 6001)), (len(rows), len(set(rows)))


def test_resume_takes_what_is_there(program, folder):
    numbers(folder, 1000)
    flags = ["--checkpoint-dir", "state", "--resume"]
    first = call(program, folder, "run", "job.sql", "--checkpoint-after-rows", "500", "--stop-after-checkpoint", *flags)
    assert first.returncode == 0 and "going on" not in first.stderr, first
    second = call(program, folder, "run", "job.sql", *flags)
    assert second.returncode == 0 and "going on from state/chk-1" in second.stderr, second
    assert not list((folder / "state").iterdir())  # a job that came to its end needs no checkpoint
    done = call(program, folder, "run", "job.sql", "--resume")
    assert done.returncode == 2 and "--checkpoint-dir" in done.stderr, done


def test_savepoint_show_tells_what_is_inside(program, folder):
    numbers(folder, 1000)
    call(program, folder, "run", "job.sql", "-p", "2", "--checkpoint-dir", "state", "--checkpoint-after-rows", "500",
         "--stop-after-checkpoint")
    done = call(program, folder, "savepoint", "show", "state")
    assert done.returncode == 0 and "n.json" in done.stdout and "INSERT INTO o" in done.stdout, done
    report = json.loads(call(program, folder, "savepoint", "show", "state/chk-1", "--json").stdout)
    assert report["path"] == "state/chk-1" and report["positions"] and report["states"], report
    missing = call(program, folder, "savepoint", "show", "nowhere")
    assert missing.returncode == 1 and "snapshot.missing" in missing.stderr, missing


def test_restore_says_what_is_wrong(program, folder):
    numbers(folder, 10)
    done = call(program, folder, "run", "job.sql", "--restore", "nowhere")
    assert done.returncode == 1 and "snapshot.missing" in done.stderr and "nowhere" in done.stderr, done
    done = call(program, folder, "run", "job.sql", "--stop-after-checkpoint")
    assert done.returncode == 2 and "--checkpoint-dir" in done.stderr, done
    first = call(program, folder, "run", "job.sql", "--checkpoint-dir", "state", "--checkpoint-after-rows", "5",
                 "--stop-after-checkpoint")
    assert first.returncode == 0, first
    done = call(program, folder, "run", "-e", "SELECT COUNT(DISTINCT x) FROM (VALUES 1) AS t(x)", "--restore", "state")
    assert done.returncode == 1 and "snapshot.unclaimed" in done.stderr, done
    data = next((folder / "state/chk-1").glob("state-*"))
    data.write_bytes(data.read_bytes()[:-1])
    done = call(program, folder, "run", "job.sql", "--restore", "state")
    assert done.returncode == 1 and "snapshot.corrupt" in done.stderr, done


if __name__ == "__main__":
    sys.exit(cases.run(globals().copy(), Path(sys.argv[1]).resolve()))
