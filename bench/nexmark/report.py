"""Measurements → the text of bench/RESULTS.md."""
import math
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def machine():
    model = "unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = int(pathlib.Path("/proc/meminfo").read_text().split()[1]) / 1048576
    return "%d cores of %s, %.0f GiB of memory" % (os.cpu_count(), model, memory)


def commit():
    done = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], stdout=subprocess.PIPE, text=True)
    return done.stdout.strip() or "unknown"


def per_core(line):
    """Thousands of events per CPU second."""
    return line["events"] / line["cpu_s"] / 1e3


def latest(lines):
    """The last measurement of each kind: a repeated one replaces the older."""
    found = {}
    for line in lines:
        key = (line["query"], line["events"], line["parallelism"], line["engine"], line["source"], line.get("setting"),
               "checksum" in line and line["engine"] == "flink")
        found[key] = line
    return list(found.values())


def speed(line):
    if line is None:
        return ["–"] * 4
    if "failed" in line:
        return ["failed", "–", "–", "–"]
    return ["%.0f" % (line["events"] / line["wall_s"] / 1e3), "%.2f" % (line["cpu_s"] / line["events"] * 1e6),
            "**%.0f**" % per_core(line), "%.0f" % line["peak_rss_mb"]]


def table(head, rows):
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)] + ["| " + " | ".join(row) + " |" for row in rows]


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def order(key):
    return (key[2], int(key[0][1:]))


def checksum_verdict(ours, theirs):
    """What a row says about the checksums, and whether that is wrong."""
    if ours is None or theirs is None or not ours.get("checksum"):
        return "–", False
    if ours["checksum"] == theirs["checksum"]:
        return "equal", False
    return ("**differs**", True) if theirs["insert_only"] else ("(updating)", False)


def render(lines):
    """Gives the text, and whether a checksum of an insert-only query differs."""
    lines = latest(lines)
    groups = {}
    sums = {}
    for line in lines:
        if line["engine"] == "flink" and "checksum" in line:
            sums[line["query"], line["events"]] = line
        else:
            groups.setdefault((line["query"], line["events"], line["parallelism"]), []).append(line)
    rows, ratios, generator_rows, wrong = [], {}, [], False
    for key in sorted(groups, key=order):
        query, events, parallelism = key
        group = groups[key]
        ours = next((x for x in group if x["engine"] == "millrace" and x["source"] == "files"), None)
        generated = next((x for x in group if x["engine"] == "millrace" and x["source"] == "generator"), None)
        flink = [x for x in group if x["engine"] == "flink"]
        best = max(flink, key=per_core) if flink else None
        ratio = memory = "–"
        if ours and best and "failed" not in ours:
            factor = per_core(ours) / per_core(best)
            ratios.setdefault(parallelism, []).append(factor)
            ratio, memory = "**%.1f×**" % factor, "%.2f" % (ours["peak_rss_mb"] / best["peak_rss_mb"])
        verdict, differs = checksum_verdict(ours, sums.get((query, events)))
        wrong |= differs
        rows.append([query, str(parallelism), "%g M" % (events / 1e6)] + speed(ours) + speed(best)
                    + [best["setting"] if best else "–", ratio, memory, verdict])
        if generated:
            generator_rows.append([query, str(parallelism), "%g M" % (events / 1e6)] + speed(generated))
    text = ["# Nexmark: Millrace beside real Flink 1.20", "",
            "Written by `./dev bench nexmark` on %s, commit %s. [README.md](README.md) says how it is measured." % (
                machine(), commit()), "",
            "K/s: thousands of events a second of wall time; CPU: seconds per million events; **K/s/core**: thousands",
            "of events per CPU second; MB: peak resident memory of the process. Flink: its better setting of those",
            "measured, warmed up.", "",
            "## From NDJSON files", ""]
    speeds = ["K/s", "CPU", "K/s/core", "MB"]
    text += table(["q", "par.", "events", *speeds, "Flink K/s", *speeds[1:], "setting", "per CPU second", "memory",
                   "checksum"], rows)
    for parallelism, factors in sorted(ratios.items()):
        text += ["", "Geometric mean of the ratio at parallelism %d: **%.1f×** over %d queries." % (
            parallelism, geometric_mean(factors), len(factors))]
    if generator_rows:
        text += ["", "## From the generator (Millrace only; the generator's own CPU is in it)", ""]
        text += table(["q", "par.", "events", *speeds], generator_rows)
    failed = sorted({(x["query"], x["failed"]) for x in lines if "failed" in x})
    if failed:
        text += ["", "## What failed", ""] + ["- %s: %s" % pair for pair in failed]
    return "\n".join(text) + "\n", wrong
