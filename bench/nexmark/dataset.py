"""The NDJSON files that both engines read: DATA/<events>/<parallelism>/part-<n>.json.

The events are the same at each parallelism.
"""
import pathlib
import shutil
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MILLRACE = ROOT / "build" / "release" / "bin" / "millrace"
BLOCK_LINES = 64  # how many lines in a row go to the same file


def folder(data, events, parallelism):
    return data / str(events) / str(parallelism)


def make(data, events, parallelisms):
    """Writes what is missing; the files of one parallelism are cut from the single file of parallelism 1."""
    single = folder(data, events, 1)
    if not (single / "part-0.json").exists():
        print("nexmark: writing %d events to %s" % (events, single), flush=True)
        single.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=single.parent, prefix="make.") as work:
            out = pathlib.Path(work, "out")
            script = pathlib.Path(work, "make_data.sql")
            script.write_text((HERE / "make_data.sql").read_text().replace("${EVENTS}", str(events))
                              .replace("${OUT}", str(out)))
            subprocess.run([MILLRACE, "run", script, "--parallelism", "1"], check=True, stdout=subprocess.DEVNULL)
            parts = sorted(file for file in out.rglob("*") if file.is_file() and not file.name.startswith((".", "_")))
            if len(parts) != 1:
                raise SystemExit("nexmark: expected one file, got %d" % len(parts))
            shutil.move(parts[0], single / "part-0.json")
    for parallelism in parallelisms:
        target = folder(data, events, parallelism)
        if not (target / ("part-%d.json" % (parallelism - 1))).exists():
            cut(single / "part-0.json", target, parallelism)


def cut(source, target, parts):
    """Deals the lines of a file out to `parts` files, so that each stays in time order and all advance together."""
    target.mkdir(parents=True, exist_ok=True)
    names = [target / ("part-%d.json" % number) for number in range(parts)]
    outputs = [open(str(name) + ".tmp", "wb") for name in names]
    with open(source, "rb") as lines:
        for number, line in enumerate(lines):
            outputs[number // BLOCK_LINES % parts].write(line)
    for output, name in zip(outputs, names):
        output.close()
        pathlib.Path(str(name) + ".tmp").rename(name)
