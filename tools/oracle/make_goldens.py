"""Makes tests/goldens/<topic>/<name>.expected.ndjson from <name>.sql with real Flink. Format: tests/goldens/README.md.

  goldens [TOPIC | TOPIC/NAME ...]   makes them anew; every case runs twice, and what is not repeatable is refused
  goldens --check [...]              compares what Flink gives now with the committed files; changes nothing
"""
import argparse
import collections
import json
import pathlib
import re
import sys
import tempfile

import flink_run

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDENS = ROOT / "tests" / "goldens"
COMPARE = ("changelog", "rows", "table")
PADDING_LINES = 3_000_000  # blank lines before the rows of a file that must arrive later


def directives(text):
    """The `-- name: value` lines that a case begins with."""
    found = {}
    for line in text.splitlines():
        match = re.fullmatch(r"-- (compare|arrival): (.*)", line)
        if match:
            found[match[1]] = match[2]
        elif not line.startswith("--"):
            break
    return found


def select_cases(names):
    cases = sorted(GOLDENS.glob("*/*.sql"))
    if names:
        cases = [c for c in cases if c.parent.name in names or "%s/%s" % (c.parent.name, c.stem) in names]
    if not cases:
        raise SystemExit("oracle: no golden is called so")
    return cases


def run_pass(cases, work):
    """Runs each case once, all in one JVM; gives their lines."""
    work.mkdir()
    jobs, outputs = [], []
    for number, case in enumerate(cases):
        text = case.read_text()
        out = work / ("out%d" % number)
        out.mkdir()
        later = directives(text).get("arrival", "").split()[1:]
        for order, name in enumerate(later, 1):
            padded = work / ("%d.%s" % (number, name))
            source = case.parent / "data" / name
            padded.write_bytes(b"\n" * PADDING_LINES * order + source.read_bytes())
            text = text.replace("${DIR}/data/" + name, str(padded))
        text = flink_run.substitute(text, {"DIR": case.parent, "OUT": out})
        outputs.append(work / ("%d.ndjson" % number))
        jobs.append((text, outputs[-1], "streaming"))
    flink_run.run(jobs, parallelism=1, harness_options=["--timeout", "60"])
    return [[json.loads(line) for line in output.read_text().splitlines()] for output in outputs]


def materialize(rows):
    """The table that a changelog leaves, as a multiset."""
    table = collections.Counter()
    for kind, row in rows:
        key = json.dumps(row, ensure_ascii=False)
        table[key] += 1 if kind in ("+I", "+U") else -1
    return {row: count for row, count in table.items() if count}


def stable(compare, one, two):
    if compare == "changelog":
        return one == two
    if compare == "rows":
        return sorted(map(repr, one)) == sorted(map(repr, two))
    return materialize(one) == materialize(two)


def failure_stage(chain):
    """"run" when the job began and failed, "plan" when the statement was refused."""
    text = "\n".join(chain)
    return "run" if "JobExecutionException" in text or "Failed to fetch next result" in text else "plan"


def parse(lines, case):
    """(header, rows) of one run of a case: header fields from the last statement, rows as (kind, row)."""
    last = lines[-1]
    header = {}
    if not last["done"]:
        header["fails"] = failure_stage(last["error"])
        header["error"] = re.sub(r"\s+", " ", last["error"][-1])[:300]
        return dict(header, mode=last["mode"]), []
    if last["stopped"] or "columns" not in last:
        raise SystemExit("oracle: %s: the last statement must be a SELECT that ends" % case)
    header.update(columns=last["columns"], types=last["types"], mode=last["mode"])
    return header, [(x["kind"], x["row"]) for x in lines if "row" in x and x["statement"] == last["statement"]]


def render(case, header, rows):
    text = case.read_text()
    found = directives(text)
    compare = found.get("compare", "changelog")
    if compare not in COMPARE:
        raise SystemExit("oracle: %s: compare is one of %s" % (case, ", ".join(COMPARE)))
    full = dict(header)
    if "fails" not in header:
        full["compare"] = compare
    if "arrival" in found:
        full["arrival"] = found["arrival"].split()
    full["command"] = "./dev oracle goldens %s/%s" % (case.parent.name, case.stem)
    if compare == "rows":
        rows = sorted(rows, key=repr)
    elif compare == "table":  # only the final table is compared, so only that is stored
        final = materialize(rows)
        rows = [("+I", json.loads(row)) for row in sorted(final) for _ in range(final[row])]
    lines = [json.dumps(full, ensure_ascii=False)]
    lines += [json.dumps({"kind": kind, "row": row}, ensure_ascii=False) for kind, row in rows]
    return "\n".join(lines) + "\n"


def scrub(text, work):
    """Takes this machine's paths out of error texts."""
    return re.sub(r" or the user running Flink \('\w+'\) has insufficient permissions to access it", "",
                  text.replace(str(ROOT), "").replace(str(work), ""))


def process(case, first, second, work):
    """Gives the text of a case's expected file, or a complaint."""
    header, rows = parse(first, case)
    again, rows_again = parse(second, case)
    compare = directives(case.read_text()).get("compare", "changelog")
    wanted = "plan" if case.stem.endswith("_refused") else "run" if case.stem.endswith("_fails") else None
    if header.get("fails") != wanted:
        return None, "fails: %s, but its name says %s (%s)" % (header.get("fails"), wanted, header.get("error"))
    if header.get("fails") != again.get("fails") or header.get("columns") != again.get("columns"):
        return None, "two runs ended differently"
    if not stable(compare, rows, rows_again):
        return None, "two runs gave different results (compare: %s)" % compare
    return scrub(render(case, header, rows), work), None


def main(argv):
    p = argparse.ArgumentParser(prog="oracle.py goldens", description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("names", nargs="*")
    p.add_argument("--check", action="store_true")
    a = p.parse_args(argv)
    cases = select_cases(a.names)
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="goldens.") as folder:
        work = pathlib.Path(folder, "work")
        passes = []
        for number in ("first", "second"):
            passes.append(run_pass(cases, pathlib.Path(folder, number)))
        for case, first, second in zip(cases, *passes):
            text, complaint = process(case, first, second, work)
            target = case.with_suffix(".expected.ndjson")
            if complaint is None and a.check and (not target.exists() or target.read_text() != text):
                complaint = "differs from the committed file"
            if complaint:
                wrong += 1
                print("WRONG %s/%s: %s" % (case.parent.name, case.stem, complaint), flush=True)
            elif not a.check:
                target.write_text(text)
    print("%d goldens, %d wrong" % (len(cases), wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
