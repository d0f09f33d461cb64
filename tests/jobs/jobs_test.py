#!/usr/bin/env python3
"""Jobs with a name, as scripts see them: list, status, savepoint, stop, drain, rescale, cancel, signals, kills.

A job counts numbers from 0 upwards into files, each a row; in the end every number must be there once. Waiting is
polling with a limit.
"""
import collections
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "shell"))
import cases  # noqa: E402

LIMIT_SECONDS = 15
GENERATOR = """CREATE TABLE g (n BIGINT, ts AS TO_TIMESTAMP_LTZ(n, 3), WATERMARK FOR ts AS ts) WITH (
  'connector' = 'datagen', 'rows-per-second' = '{rate}',
  'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '{last}');
CREATE TABLE o (n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
CREATE TABLE w (n BIGINT, c BIGINT) WITH ('connector' = 'filesystem', 'path' = 'counts', 'format' = 'json');
"""
ENDLESS = 1_000_000_000
COPY = "INSERT INTO o SELECT n FROM g;\n"
COUNT = ("INSERT INTO w SELECT MIN(n), COUNT(*) FROM TABLE(TUMBLE(TABLE g, DESCRIPTOR(ts), INTERVAL '10' SECOND)) "
         "GROUP BY window_start, window_end;\n")


def until(what, limit=LIMIT_SECONDS):
    """Waits until what() gives something true, and returns that."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"waited {limit} s in vain")


class Jobs:
    """A folder with a script, and a run directory of its own."""

    def __init__(self, program, folder, statements=COPY, last=ENDLESS, rate=2500):
        self.program, self.folder, self.running = program, folder, []
        self.environment = {**os.environ, "MILLRACE_RUN_DIR": str(folder / "run")}
        self.write(statements, last, rate)

    def write(self, statements, last=ENDLESS, rate=2500):
        (self.folder / "job.sql").write_text(GENERATOR.format(rate=rate, last=last) + statements, encoding="utf-8")

    def call(self, *arguments):
        return subprocess.run([str(self.program), *arguments], cwd=self.folder, env=self.environment, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=LIMIT_SECONDS, check=False)

    def ask(self, *arguments):
        done = self.call(*arguments, "--json")
        answer = json.loads(done.stdout)
        assert (done.returncode == 0) == answer["ok"], done
        return answer

    def start(self, *arguments, name="orders", wait=True):
        with open(self.folder / "log.txt", "a", encoding="utf-8") as log:
            job = subprocess.Popen([str(self.program), "run", "job.sql", "--name", name, *arguments], cwd=self.folder,
                                   env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.running.append(job)
        if wait:
            until(lambda: job.poll() is not None or self.state(name, job) == "RUNNING")
            assert job.poll() is None, self.log()
        return job

    def state(self, name, job):
        answer = self.ask("status", name)
        return answer["ok"] and answer["job"]["pid"] == job.pid and answer["job"]["state"]

    def status(self, name="orders"):
        answer = self.ask("status", name)
        assert answer["ok"], answer
        return answer["job"]

    def until_read(self, rows, name="orders"):
        until(lambda: self.status(name)["rows_read"] >= rows)

    def log(self):
        return (self.folder / "log.txt").read_text(encoding="utf-8")

    def rows(self, table="out"):
        return [json.loads(line) for path in sorted((self.folder / table).glob("[!.]*"))
                for line in path.read_text(encoding="utf-8").splitlines()]

    def numbers(self):
        return sorted(row["n"] for row in self.rows())

    def close(self):
        for job in self.running:
            if job.poll() is None:
                job.kill()
            job.wait()


@contextlib.contextmanager
def jobs(program, folder, *arguments, **more):
    made = Jobs(program, folder, *arguments, **more)
    try:
        yield made
    finally:
        made.close()


def whole(numbers):
    """Every number from 0 on, once."""
    assert numbers and numbers == list(range(len(numbers))), (len(numbers), len(set(numbers)), numbers[:1])
    return len(numbers)


CHECKPOINTS = ("--checkpoint-dir", "state", "--checkpoint-interval", "100 ms")


def test_list_and_status(program, folder):
    with jobs(program, folder) as at:
        assert at.ask("list") == {"ok": True, "jobs": []}
        job = at.start(*CHECKPOINTS, "-p", "2")
        listed = at.ask("list")["jobs"]
        assert [entry["name"] for entry in listed] == ["orders"], listed
        until(lambda: at.status()["checkpoints"]["complete"] > 1 and at.status()["rows_written"] > 0)
        status = at.status()
        assert status["state"] == "RUNNING" and status["parallelism"] == 2 and status["pid"] == job.pid, status
        assert status["statement"].startswith("INSERT INTO o") and len(status["id"]) == 32, status
        assert any(entry["rows_in"] > 0 and "Sink" in entry["name"] for entry in status["operators"]), status
        assert status["checkpoints"]["last"]["bytes"] > 0 and status["restarts"] == 0, status
        text = at.call("status", "orders")
        assert text.returncode == 0 and "RUNNING" in text.stdout and "\033" not in text.stdout, text
        assert "orders" in at.call("list").stdout
        mode = (folder / "run").stat().st_mode & 0o777, (folder / "run/orders.sock").stat().st_mode & 0o777
        assert mode == (0o700, 0o600), mode


def test_no_such_job(program, folder):
    with jobs(program, folder) as at:
        for arguments in (("status", "x"), ("stop", "x"), ("cancel", "x"), ("rescale", "x", "2"),
                          ("savepoint", "create", "x", "/tmp")):
            done = at.call(*arguments)
            assert done.returncode == 3 and "job.not_found" in done.stderr, done
        for arguments in (("status", "../x"), ("run", "job.sql", "--name", "a/b")):
            done = at.call(*arguments)
            assert done.returncode == 1 and "job.name" in done.stderr, done
        assert at.call("rescale", "x").returncode == 2
        assert at.call("savepoint").returncode == 2
        assert not list(folder.glob("run/*")), list(folder.glob("run/*"))


def test_help_has_examples_and_exit_codes(program, folder):
    with jobs(program, folder) as at:
        for command in (["list"], ["status"], ["stop"], ["cancel"], ["rescale"], ["savepoint", "create"],
                        ["savepoint", "dispose"], ["run"]):
            text = at.call(*command, "--help").stdout
            assert "Exit codes" in text and "millrace " + " ".join(command) in text, (command, text)


def test_two_of_one_name(program, folder):
    with jobs(program, folder) as at:
        at.start()
        second = at.call("run", "job.sql", "--name", "orders")
        assert second.returncode == 1 and "job.name_in_use" in second.stderr, second
        assert at.status()["state"] == "RUNNING"
        at.start(name="payments")
        assert len(at.ask("list")["jobs"]) == 2


def test_a_killed_job_goes_on_under_its_name(program, folder):
    with jobs(program, folder, last=19_999, rate=5000) as at:
        for _ in range(2):
            job = at.start(*CHECKPOINTS, "--resume")
            until(lambda: at.status()["checkpoints"]["complete"] > 1)
            job.kill()
            job.wait()
            assert (folder / "run/orders.sock").exists()
            killed = at.status()
            assert killed["state"] == "FAILED" and killed["failures"][-1]["code"] == "job.killed", killed
            assert at.call("stop", "orders").returncode == 3
        job = at.start(*CHECKPOINTS, "--resume", wait=False)
        assert job.wait(LIMIT_SECONDS) == 0, at.log()
        assert whole(at.numbers()) == 20_000
        assert at.status()["state"] == "FINISHED"


def test_savepoint_and_go_on(program, folder):
    """The rows that a savepoint covers come once, whether the job goes on to its end or another starts from it."""
    with jobs(program, folder, last=9_999) as at:
        job = at.start("--checkpoint-dir", "state", "--checkpoint-interval", "1 h")
        at.until_read(2000)
        made = at.ask("savepoint", "create", "orders", "saves")
        path = Path(made["path"])
        assert path.parent == (folder / "saves").resolve() or path.parent == folder / "saves", path
        assert path.name.startswith("savepoint-" + at.status()["id"][:6] + "-"), path
        assert len(path.name) == len("savepoint-123456-123456789012"), path
        assert not at.rows(), "an intermediate savepoint committed what the sink wrote"
        assert at.status()["last_savepoint"]["path"] == str(path)
        assert job.wait(LIMIT_SECONDS) == 0, at.log()
        assert whole(at.numbers()) == 10_000


def test_restore_from_a_savepoint_that_was_moved(program, folder):
    with jobs(program, folder, last=9_999) as at:
        job = at.start("--checkpoint-dir", "state", "--checkpoint-interval", "1 h")
        at.until_read(2000)
        path = at.ask("savepoint", "create", "orders", "saves")["path"]
        at.ask("cancel", "orders")
        assert job.wait(LIMIT_SECONDS) == 130
        assert not at.rows()
        moved = folder / "elsewhere"
        shutil.move(path, moved)
        shutil.rmtree(folder / "state")
        job = at.start("--restore", str(moved), "-p", "3", wait=False)
        assert job.wait(LIMIT_SECONDS) == 0, at.log()
        assert whole(at.numbers()) == 10_000  # those before the savepoint were committed by the restore
        assert (moved / "MANIFEST").exists(), "without CLAIM a savepoint stays"
        shown = at.call("savepoint", "show", str(moved))
        assert "INSERT INTO o" in shown.stdout, shown


def test_savepoint_checkpoint_and_restore_from_the_older_savepoint(program, folder):
    """What came after the savepoint comes again, as it must; what came before it comes once."""
    with jobs(program, folder, last=14_999) as at:
        job = at.start(*CHECKPOINTS)
        at.until_read(1000)
        path = at.ask("savepoint", "create", "orders", "saves")["path"]
        at.until_read(at.status()["rows_read"] + 1)
        complete = at.status()["checkpoints"]["complete"]
        until(lambda: at.status()["checkpoints"]["complete"] > complete + 1)
        shown = json.loads(at.call("savepoint", "show", path, "--json").stdout)
        assert shown["positions"], shown
        at.ask("cancel", "orders")
        job.wait(LIMIT_SECONDS)
        before = collections.Counter(at.numbers())
        assert set(before.values()) == {1} and whole(sorted(before)), before.most_common(3)
        job = at.start("--restore", path, wait=False)
        assert job.wait(LIMIT_SECONDS) == 0, at.log()
        counts = collections.Counter(at.numbers())
        assert set(counts) == set(range(15_000)), len(counts)
        twice = sorted(number for number, count in counts.items() if count == 2)
        assert max(counts.values()) <= 2 and set(twice) < set(before), counts.most_common(3)
        assert twice == list(range(twice[0], len(before))) and twice[0] > 0, (twice[:3], len(before))


def test_stop_with_a_savepoint_then_claim_and_dispose(program, folder):
    with jobs(program, folder, last=9_999) as at:
        job = at.start(*CHECKPOINTS)
        at.until_read(2000)
        path = at.ask("stop", "orders", "--savepoint", "saves")["path"]
        assert job.wait(LIMIT_SECONDS) == 0, at.log()
        stopped = at.status()
        assert stopped["state"] == "FINISHED" and stopped["last_savepoint"]["path"] == path, stopped
        count = whole(at.numbers())
        assert 2000 <= count < 10_000, count
        assert not list((folder / "out").glob(".*inprogress")), "a stop leaves nothing half-written"
        shutil.copytree(path, folder / "copy")
        job = at.start("--restore", path, "--claim-mode", "CLAIM", *CHECKPOINTS, wait=False)
        assert job.wait(LIMIT_SECONDS) == 0, at.log()
        assert whole(at.numbers()) == 10_000
        assert not Path(path).exists(), "a claimed savepoint is the job's"
        assert at.call("savepoint", "dispose", "copy").returncode == 0
        assert not (folder / "copy").exists()
        assert at.call("savepoint", "dispose", "out").returncode == 1
        assert whole(at.numbers()) == 10_000


def test_stop_without_a_folder_and_resume(program, folder):
    with jobs(program, folder, last=9_999) as at:
        job = at.start(*CHECKPOINTS)
        at.until_read(2000)
        path = at.ask("stop", "orders")["path"]
        assert job.wait(LIMIT_SECONDS) == 0 and "state/chk-" in path, (path, at.log())
        assert whole(at.numbers()) < 10_000
        job = at.start(*CHECKPOINTS, "--resume", wait=False)
        assert job.wait(LIMIT_SECONDS) == 0, at.log()
        assert whole(at.numbers()) == 10_000


def test_drain_fires_windows(program, folder):
    both = "BEGIN STATEMENT SET;\n" + COPY + COUNT + "END;\n"
    with jobs(program, folder, both) as at:
        job = at.start(*CHECKPOINTS)
        at.until_read(2000)
        at.ask("stop", "orders", "--savepoint", "saves", "--drain")
        assert job.wait(LIMIT_SECONDS) == 0, at.log()
        count = whole(at.numbers())
        assert sum(row["c"] for row in at.rows("counts")) == count, (at.rows("counts"), count)
        assert not list((folder / "state").glob("chk-*")), "a drained job has come to its end"
        at.write(both)
        shutil.rmtree(folder / "out")
        shutil.rmtree(folder / "counts")
        job = at.start(*CHECKPOINTS)
        at.until_read(2000)
        at.ask("stop", "orders", "--savepoint", "saves")
        assert job.wait(LIMIT_SECONDS) == 0
        assert sum(row["c"] for row in at.rows("counts")) < whole(at.numbers()), "without --drain no window fires"


def test_a_stop_that_cannot_write_leaves_the_job_running(program, folder):
    with jobs(program, folder, last=19_999, rate=5000) as at:
        job = at.start(*CHECKPOINTS)
        (folder / "file").write_text("", encoding="utf-8")
        for arguments in (("stop", "orders", "--savepoint", "file/below"), ("savepoint", "create", "orders", "file/x")):
            assert at.call(*arguments).returncode == 1
        refused = at.ask("savepoint", "create", "orders")
        assert refused["error"]["code"] == "savepoint.no_directory", refused
        assert at.status()["state"] == "RUNNING"
        assert job.wait(LIMIT_SECONDS) == 0, at.log()
        assert whole(at.numbers()) == 20_000


def test_default_savepoint_directory(program, folder):
    with jobs(program, folder) as at:
        at.start("-D", "state.savepoints.dir=file://" + str(folder / "mine"))
        path = at.ask("savepoint", "create", "orders")["path"]
        assert path.startswith(str(folder / "mine") + "/savepoint-"), path


def test_savepoints_stay_in_their_root(program, folder):
    (folder / "root").mkdir()
    (folder / "away").mkdir()
    (folder / "root/out").symlink_to(folder / "away")
    with jobs(program, folder) as at:
        job = at.start(*CHECKPOINTS, "--savepoint-root", "root")
        for where in ("away", "root/../away", "root/out", "root/out/deep", "root/.."):
            refused = at.ask("savepoint", "create", "orders", where)
            assert refused["error"]["code"] == "savepoint.outside_root", (where, refused)
            refused = at.ask("stop", "orders", "--savepoint", where)
            assert refused["error"]["code"] == "savepoint.outside_root", (where, refused)
        assert not list((folder / "away").iterdir())
        path = at.ask("stop", "orders", "--savepoint", "root/good")["path"]
        assert job.wait(LIMIT_SECONDS) == 0, at.log()
        shutil.copytree(path, folder / "away/savepoint")
        refused = at.call("run", "job.sql", "--savepoint-root", "root", "--restore", "away/savepoint")
        assert refused.returncode == 1 and "savepoint.outside_root" in refused.stderr, refused
        refused = at.call("savepoint", "dispose", "away/savepoint", "--savepoint-root", "root")
        assert refused.returncode == 1 and (folder / "away/savepoint/MANIFEST").exists(), refused
        at.write("SET 'millrace.savepoint.root' = '/';\n" + COPY)
        refused = at.call("run", "job.sql", "--savepoint-root", "root")
        assert refused.returncode == 1 and "cannot be changed" in refused.stderr, refused


def test_rescale(program, folder):
    both = "BEGIN STATEMENT SET;\n" + COPY + COUNT.replace("GROUP BY", "GROUP BY MOD(n, 7),") + "END;\n"
    with jobs(program, folder, both, last=59_999, rate=10_000) as at:
        job = at.start(*CHECKPOINTS, "-p", "1")
        refused = at.ask("rescale", "orders", "1000")
        assert refused["error"]["code"] == "rescale.parallelism", refused
        for parallelism in (3, 2):
            rows = at.status()["checkpoints"]["complete"]
            assert at.ask("rescale", "orders", str(parallelism))["ok"]
            status = at.status()
            assert status["parallelism"] == parallelism and status["state"] == "RUNNING", status
            assert status["restored_from"].startswith("state/chk-") and status["restarts"] == 0, status
            until(lambda: at.status()["checkpoints"]["complete"] > rows + 1)
        assert job.wait(LIMIT_SECONDS) == 0, at.log()
        assert whole(at.numbers()) == 60_000
        counts = at.rows("counts")
        assert sum(row["c"] for row in counts) == 60_000 and len(counts) == 6 * 7, counts


def test_rescale_needs_checkpoints(program, folder):
    with jobs(program, folder) as at:
        at.start()
        refused = at.ask("rescale", "orders", "2")
        assert refused["error"]["code"] == "rescale.no_checkpoints", refused
        assert "--checkpoint-dir" in refused["error"]["hint"], refused
        refused = at.ask("stop", "orders")
        assert refused["error"]["code"] == "savepoint.no_directory", refused
        assert at.status()["state"] == "RUNNING"


def test_sigterm_stops_with_a_checkpoint(program, folder):
    with jobs(program, folder, last=9_999) as at:
        job = at.start("--checkpoint-dir", "state", "--checkpoint-interval", "1 h")
        at.until_read(2000)
        job.send_signal(signal.SIGTERM)
        assert job.wait(LIMIT_SECONDS) == 0, at.log()
        assert 2000 <= whole(at.numbers()) < 10_000
        job = at.start("--checkpoint-dir", "state", "--resume", wait=False)
        assert job.wait(LIMIT_SECONDS) == 0, at.log()
        assert whole(at.numbers()) == 10_000


def test_sigterm_and_cancel_without_checkpoints(program, folder):
    with jobs(program, folder) as at:
        job = at.start()
        job.send_signal(signal.SIGTERM)
        assert job.wait(LIMIT_SECONDS) == 143, at.log()
        assert at.status()["state"] == "CANCELED"
        job = at.start()
        assert at.ask("cancel", "orders")["ok"]
        assert job.wait(LIMIT_SECONDS) == 130, at.log()
        assert not at.rows()


def test_a_second_sigterm_kills(program, folder):
    """A job whose output nobody takes cannot take a last checkpoint: the second signal ends it all the same."""
    with jobs(program, folder) as at:
        at.write("SELECT n FROM g;\n", rate=1_000_000)
        job = subprocess.Popen([str(program), "run", "job.sql", "--checkpoint-dir", "state", "--name", "orders"],
                               cwd=folder, env=at.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        at.running.append(job)
        until(lambda: at.ask("status", "orders")["ok"] and at.status()["rows_read"] > 0)
        job.send_signal(signal.SIGTERM)
        until(lambda: not stays(lambda: job.poll() is None, 0.1) or True)
        assert job.poll() is None, "its output is full: it should wait"
        job.send_signal(signal.SIGTERM)
        assert job.wait(LIMIT_SECONDS) == 143
        job.stdout.close()


def stays(what, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not what():
            return False
        time.sleep(0.01)
    return True


def test_a_checkpoint_that_takes_too_long_is_abandoned(program, folder):
    """While nobody reads the job's output no barrier comes through; afterwards nothing is lost or doubled."""
    with jobs(program, folder) as at:
        at.write("CREATE TABLE p (n BIGINT) WITH ('connector' = 'print');\nBEGIN STATEMENT SET;\n" + COPY +
                 COUNT.replace("GROUP BY", "GROUP BY MOD(n, 7),") + "INSERT INTO p SELECT n FROM g;\nEND;\n",
                 last=59_999, rate=100_000)
        job = subprocess.Popen([str(program), "run", "job.sql", *CHECKPOINTS, "--name", "orders", "--threads", "4",
                                "-p", "2",
                                "-D", "execution.checkpointing.timeout=100 ms",
                                "-D", "execution.checkpointing.tolerable-failed-checkpoints=1000"],
                               cwd=folder, env=at.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        at.running.append(job)
        until(lambda: at.ask("status", "orders")["ok"] and at.status()["checkpoints"]["failed"] >= 2)
        status = at.status()
        assert status["checkpoints"]["failures"][-1]["code"] == "checkpoint.timeout", status
        assert status["state"] == "RUNNING" and status["restarts"] == 0, status
        printed = job.stdout.read().splitlines()
        assert job.wait(LIMIT_SECONDS) == 0
        assert len(printed) == 60_000, len(printed)
        assert whole(at.numbers()) == 60_000
        counts = at.rows("counts")
        assert sum(row["c"] for row in counts) == 60_000 and len(counts) == 6 * 7, counts


def test_failures_are_kept_and_shown(program, folder):
    with jobs(program, folder) as at:
        (folder / "in").mkdir()
        (folder / "in/a.json").write_text('{"n":1}\n{"n":"x"}\n', encoding="utf-8")
        at.write("CREATE TABLE f (n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'in', 'format' = 'json');\n"
                 "INSERT INTO o SELECT n FROM f;\n")
        job = at.start("-D", "restart-strategy.type=fixed-delay", "-D", "restart-strategy.fixed-delay.attempts=1000",
                       "-D", "restart-strategy.fixed-delay.delay=300 ms", wait=False)
        until(lambda: at.ask("status", "orders")["ok"] and at.status()["restarts"] > 0)
        until(lambda: at.status()["state"] == "RESTARTING")
        status = at.status()
        assert "a.json" in status["failures"][0]["message"], status
        refused = at.ask("savepoint", "create", "orders", "saves")
        assert refused["ok"] or refused["error"]["code"] == "job.not_running", refused
        (folder / "in/a.json").write_text('{"n":0}\n{"n":1}\n', encoding="utf-8")
        assert job.wait(LIMIT_SECONDS) == 0, at.log()
        assert whole(at.numbers()) == 2
        ended = at.status()
        assert ended["state"] == "FINISHED" and ended["failures"], ended
        assert "failures" in at.call("status", "orders").stdout


def test_rubbish_on_the_socket_does_no_harm(program, folder):
    with jobs(program, folder, last=19_999, rate=5000) as at:
        job = at.start(*CHECKPOINTS)

        def connect():
            made = socket.socket(socket.AF_UNIX)
            made.settimeout(LIMIT_SECONDS)
            made.connect(str(folder / "run/orders.sock"))
            return made

        with connect() as client, client.makefile("rb") as answers:
            client.sendall(b'\x00\xff rubbish\n{"v":99,"op":"status"}\n{"v":1,"op":"explode"}\n{"v":1,"op":"status"}\n')
            codes = [json.loads(answers.readline()).get("error", {}).get("code") for _ in range(4)]
            assert codes == ["protocol.request", "protocol.version", "protocol.unknown_op", None], codes
        hanging = [connect() for _ in range(40)]
        hanging[-1].sendall(b'{"v":1,"op":')
        with contextlib.suppress(OSError), connect() as client:
            client.sendall(b"x" * (1 << 22))
        for client in hanging[:-1]:
            client.close()
        assert at.status()["state"] == "RUNNING"
        hanging[-1].close()
        assert job.wait(LIMIT_SECONDS) == 0, at.log()
        assert whole(at.numbers()) == 20_000


def test_unclaimed_state_may_be_left_behind(program, folder):
    with jobs(program, folder, COUNT) as at:
        job = at.start("--checkpoint-dir", "state")
        path = at.ask("stop", "orders", "--savepoint", "saves")["path"]
        job.wait(LIMIT_SECONDS)
        at.write(COPY, last=99)
        refused = at.call("run", "job.sql", "--restore", path)
        assert refused.returncode == 1 and "snapshot.unclaimed" in refused.stderr, refused
        done = at.call("run", "job.sql", "--restore", path, "--allow-non-restored-state")
        assert done.returncode == 0, done


if __name__ == "__main__":
    sys.exit(cases.run(globals().copy(), Path(sys.argv[1]).resolve(), at_once=8))  # they wait more than they work
