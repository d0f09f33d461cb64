#!/usr/bin/env python3
"""The checker of crash tests is tested itself: a row that is lost, doubled, swapped or made up is found."""
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import checker  # noqa: E402


def verdict_of(files):
    return checker.judge(files, [(number,) for number in range(100)], key_of=lambda row: row[0] % 3)


def whole():
    return [[(number,) for number in range(start, 100, 2)] for start in (0, 1)]


def test_accepts_what_is_whole():
    assert verdict_of(whole()).ok()


def test_finds_a_lost_row():
    files = whole()
    lost = files[0].pop(17)
    verdict = verdict_of(files)
    assert verdict.lost == [lost] and not verdict.ok(), verdict


def test_finds_a_duplicate_in_another_file():
    files = whole()
    files[1].append(files[0][-1])
    verdict = verdict_of(files)
    assert verdict.duplicated == [files[0][-1]] and not verdict.ok(), verdict


def test_finds_a_swapped_pair_of_one_key():
    files = whole()
    files[0][3], files[0][6] = files[0][6], files[0][3]
    verdict = verdict_of(files)
    assert verdict.out_of_order and not verdict.lost and not verdict.ok(), verdict


def test_finds_a_row_that_nobody_sent():
    files = whole()
    files[0].append((1000,))
    verdict = verdict_of(files)
    assert verdict.unexpected == [(1000,)] and not verdict.ok(), verdict


def test_finds_any_single_fault():
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


def test_reads_only_committed_files():
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "part-0").write_text('{"n":1}\n{"n":2}\n', encoding="utf-8")
        Path(folder, ".part-1.inprogress").write_text('{"n":3}\n', encoding="utf-8")
        assert checker.read_json_files(folder, ["n"]) == [[(1,), (2,)]]


def main():
    passed = failed = 0
    for name, case in sorted(globals().items()):
        if not name.startswith("test_"):
            continue
        try:
            case()
            passed += 1
        except AssertionError as error:
            print(f"FAILED {name}: {error}")
            failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
