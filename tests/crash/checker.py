"""Says what a job's output lacks or has too often: what crash tests judge by."""
import collections
import json
from pathlib import Path


class Verdict:
    """Rows that are missing, that are there more often than they should be, and that stand in the wrong order."""

    def __init__(self, lost, duplicated, out_of_order, unexpected):
        self.lost, self.duplicated, self.out_of_order, self.unexpected = lost, duplicated, out_of_order, unexpected

    def ok(self):
        return not (self.lost or self.duplicated or self.out_of_order or self.unexpected)

    def __str__(self):
        parts = [("lost", self.lost), ("duplicated", self.duplicated), ("out of order", self.out_of_order),
                 ("unexpected", self.unexpected)]
        return ", ".join(f"{len(rows)} {name}" + (f" (such as {rows[0]})" if rows else "") for name, rows in parts)


def judge(files, expected, key_of=None):
    """`files`: lists of rows, each in the order it was written; `expected`: every row that must be there, once.

    With `key_of`, the rows of one key must rise within each file.
    """
    wanted = set(expected)
    seen = collections.Counter(row for rows in files for row in rows)
    out_of_order = []
    if key_of is not None:
        for rows in files:
            last = {}
            for row in rows:
                key = key_of(row)
                if key in last and row <= last[key]:
                    out_of_order.append(row)
                last[key] = row
    return Verdict(sorted(wanted - set(seen)), sorted(row for row, count in seen.items() if count > 1), out_of_order,
                   sorted(set(seen) - wanted))


def read_json_files(folder, columns):
    """The committed files below a folder: for each the tuples of these columns. Hidden files are not committed."""
    files = []
    for path in sorted(Path(folder).rglob("*")):
        if not path.is_file() or any(part.startswith((".", "_")) for part in path.relative_to(folder).parts):
            continue
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        files.append([tuple(row[column] for column in columns) for row in rows])
    return files


def by_partition(records, columns):
    """The JSON values of a topic's records: for each partition, in its order, the tuples of these columns."""
    partitions = collections.defaultdict(list)
    for record in records:
        row = json.loads(record["value"])
        partitions[record["partition"]].append(tuple(row[column] for column in columns))
    return [partitions[number] for number in sorted(partitions)]
