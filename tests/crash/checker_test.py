#!/usr/bin/env python3
"""The checker of crash tests is tested itself: a row that is lost, doubled, swapped or made up is found."""
import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "shell"))
import cases  # noqa: E402
import checker  # noqa: E402


def verdict_of(files):
    return checker.judge(files, [(number,) for number in range(100)], key_of=lambda row: row[0] % 3)


def whole():
    return [[(number,) for number in range(start, 100, 2)] for start in (0, 1)]


def test_accepts_what_is_whole(_folder):
    assert verdict_of(whole()).ok()


def test_finds_a_lost_row(_folder):
    files = whole()
    lost = files[0].pop(17)
    verdict = verdict_of(files)
    assert verdict.lost == [lost] and not verdict.ok(), verdict


def test_finds_a_duplicate_in_another_file(_folder):
    files = whole()
    files[1].append(files[0][-1])
    verdict = verdict_of(files)
    assert verdict.duplicated == [files[0][-1]] and not verdict.ok(), verdict


def test_finds_a_swapped_pair_of_one_key(_folder):
    files = whole()
    files[0][3], files[0][6] = files[0][6], files[0][3]
    verdict = verdict_of(files)
    assert verdict.out_of_order and not verdict.lost and not verdict.ok(), verdict


def test_finds_a_row_that_nobody_sent(_folder):
    files = whole()
    files[0].append((1000,))
    verdict = verdict_of(files)
    assert verdict.unexpected == [(1000,)] and not verdict.ok(), verdict


def test_finds_any_single_fault(_folder):
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    for _ in range(200):
        files = whole()
        rows = chance.choice(files)
        at = chance.randrange(len(rows))
        if chance.random() < 0.5:
            rows.insert(chance.randrange(len(rows)), rows[at])
        else:
            rows.pop(at)
        assert not verdict_of(files).ok(), f"seed {seed}"


def test_reads_only_committed_files(folder):
    (folder / "part-0").write_text('{"n":1}\n{"n":2}\n', encoding="utf-8")
    (folder / ".part-1.inprogress").write_text('{"n":3}\n', encoding="utf-8")
    assert checker.read_json_files(folder, ["n"]) == [[(1,), (2,)]]


def topic():
    """Records as they stand in a topic of two partitions; rows of one key always go to the same one."""
    rows = [(key, number) for number in range(50) for key in range(4)]
    return [{"partition": key % 2, "value": json.dumps({"k": key, "n": number})} for key, number in rows]


def verdict_of_topic(records):
    wanted = [(key, number) for key in range(4) for number in range(50)]
    return checker.judge(checker.by_partition(records, ["k", "n"]), wanted, key_of=lambda row: row[0])


def test_accepts_a_whole_topic(_folder):
    assert verdict_of_topic(topic()).ok()


def test_finds_each_fault_of_a_topic(_folder):
    lost = topic()
    gone = json.loads(lost.pop(77)["value"])
    assert verdict_of_topic(lost).lost == [(gone["k"], gone["n"])]
    doubled = topic()
    doubled.append(doubled[5])
    assert len(verdict_of_topic(doubled).duplicated) == 1
    elsewhere = topic()
    elsewhere.append(dict(elsewhere[5], partition=1 - elsewhere[5]["partition"]))
    assert len(verdict_of_topic(elsewhere).duplicated) == 1
    swapped = topic()
    swapped[8], swapped[12] = swapped[12], swapped[8]  # the same key, next to each other in its partition
    verdict = verdict_of_topic(swapped)
    assert verdict.out_of_order and not verdict.lost and not verdict.duplicated, verdict


if __name__ == "__main__":
    sys.exit(cases.run(globals()))
