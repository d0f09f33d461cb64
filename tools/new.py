#!/usr/bin/env python3
"""Scaffolds a SQL function, connector, format or operator: new files that compile and run, and the one list line.

  ./dev new function NAME [--group GROUP]     src/engine/functions/scalar/GROUP/NAME.cc
  ./dev new format NAME                       src/engine/formats/NAME/
  ./dev new connector NAME                    src/engine/connectors/NAME/
  ./dev new operator NAME                     src/engine/operators/NAME/

NAME is in snake_case. What is made does something small and true, has a test that passes, and says where to go on.
docs/how_to_add.md tells the rest.
"""
import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = Path(__file__).resolve().parent / "scaffold"


class Refused(Exception):
    """What the user asked for cannot be done; the text says why."""


def fill(text, words):
    for key, value in words.items():
        text = text.replace(f"@{key}@", value)
    return text


def words_of(name, **more):
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise Refused(f"'{name}' is no name: write it in snake_case, such as split_index")
    camel = "".join(part.capitalize() for part in name.split("_"))
    words = {"name": name, "Name": camel, "NAME": name.upper(), "dashed": name.replace("_", "-"), **more}
    words["indent"] = " " * len(f"extern const ScalarFunction k{camel} = {{")
    return words


def write_file(root, path, template, words):
    target = root / path
    if target.exists():
        raise Refused(f"{path} is there already")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(fill((TEMPLATES / template).read_text(encoding="utf-8"), words), encoding="utf-8")
    print(f"wrote  {path}")


def insert_sorted(root, path, line, is_entry, after=None):
    """Puts `line` in order among the lines for which is_entry holds; `after`: only in the section under that line."""
    lines = (root / path).read_text(encoding="utf-8").splitlines()
    first, last = 0, len(lines)
    if after is not None:
        if after not in lines:
            raise Refused(f"{path} has no section '{after}'")
        first = lines.index(after) + 1
        last = next((i for i in range(first, len(lines)) if lines[i].startswith(("// ", "#"))), len(lines))
    entries = [i for i in range(first, last) if is_entry(lines[i])]
    if line in (lines[i] for i in entries):
        raise Refused(f"{path} lists it already: {line}")
    place = next((i for i in entries if lines[i] > line), entries[-1] + 1 if entries else first)
    lines.insert(place, line)
    (root / path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"listed {path}: {line}")


def new_function(root, arguments):
    words = words_of(arguments.name, group=arguments.group)
    scalar = root / "src/engine/functions/scalar"
    groups = sorted(path.name for path in scalar.iterdir() if path.is_dir())
    if arguments.group not in groups:
        raise Refused(f"there is no group '{arguments.group}': {', '.join(groups)}")
    write_file(root, f"src/engine/functions/scalar/{arguments.group}/{arguments.name}.cc", "function.cc.txt", words)
    insert_sorted(root, "src/engine/functions/functions.inc", f"SCALAR_FUNCTION(k{words['Name']})",
                  lambda line: line.startswith("SCALAR_FUNCTION("), after=f"// scalar/{arguments.group}")
    print("next   its example is a test: ./dev test --label unit --name unit_functions")


def insert_before(root, path, anchor, text):
    """Puts `text` before the first place where `anchor` stands."""
    content = (root / path).read_text(encoding="utf-8")
    if anchor not in content:
        raise Refused(f"{path} has no '{anchor.strip()}' any more: tools/new.py must follow it")
    (root / path).write_text(content.replace(anchor, text + anchor, 1), encoding="utf-8")
    print(f"edited {path}")


def append_line(root, path, line):
    """Puts `line` at the end of a list that is kept in the order of another one."""
    content = (root / path).read_text(encoding="utf-8")
    if line in content.splitlines():
        raise Refused(f"{path} lists it already: {line}")
    (root / path).write_text(content.rstrip("\n") + f"\n{line}\n", encoding="utf-8")
    print(f"listed {path}: {line}")


def new_operator(root, arguments):
    words = words_of(arguments.name)
    spec = f"{words['Name']}Spec"
    explain = "src/engine/plan/explain.cc"
    write_file(root, f"src/engine/operators/{arguments.name}/{arguments.name}.cc", "operator.cc.txt", words)
    write_file(root, f"tests/unit/engine/operators/{arguments.name}_test.cc", "operator_test.cc.txt", words)
    append_line(root, "src/engine/operators/operators.inc", f"MR_OPERATOR({spec})")
    insert_before(root, "src/engine/plan/physical.h", "struct SinkSpec {",
                  f"// What {words['Name']} needs to know of its node.\nstruct {spec} {{}};\n\n")
    insert_before(root, "src/engine/plan/physical.h", "SinkSpec>;", f"{spec}, ")
    insert_before(root, explain, "    std::string_view operator()(const SinkSpec&)",
                  f"    std::string_view operator()(const {spec}&) const {{ return \"{words['Name']}\"; }}\n")
    insert_before(root, explain, "  std::string operator()(const SinkSpec& sink)",
                  f"  std::string operator()(const {spec}&) const {{ return \"\"; }}\n")
    print("next   ./dev test --label unit --name unit_operators; then let the planner make the node "
          "(src/engine/plan/convert/), and say in changelog.cc which changes it sends")


def new_connector(root, arguments):
    words = words_of(arguments.name)
    write_file(root, f"src/engine/connectors/{arguments.name}/{arguments.name}.cc", "connector.cc.txt", words)
    write_file(root, f"tests/unit/engine/connectors/{arguments.name}_test.cc", "connector_test.cc.txt", words)
    insert_sorted(root, "src/engine/connectors/connectors.inc", f"CONNECTOR(k{words['Name']})",
                  lambda line: line.startswith("CONNECTOR("))
    print("next   ./dev test --label unit --name unit_connectors; a sink: see print/print.cc; "
          "more files: README.md in its folder")


def new_format(root, arguments):
    words = words_of(arguments.name)
    name = arguments.name
    folder = f"src/engine/formats/{name}"
    write_file(root, f"{folder}/{name}_format.h", "format.h.txt", words)
    write_file(root, f"{folder}/{name}_format.cc", "format.cc.txt", words)
    write_file(root, f"tests/unit/engine/formats/{name}_format_test.cc", "format_test.cc.txt", words)
    write_file(root, f"fuzz/engine/formats/{name}_format_fuzz.cc", "format_fuzz.cc.txt", words)
    insert_sorted(root, "src/engine/formats/formats.inc", f"FORMAT({name}, {words['Name']})",
                  lambda line: line.startswith("FORMAT("))
    insert_sorted(root, "src/engine/formats/format.cc", f'#include "engine/formats/{name}/{name}_format.h"',
                  lambda line: re.match(r'#include "engine/formats/\w+/', line) is not None)
    print(f"next   ./dev test --label unit --name unit_formats; ./dev fuzz {name}_format_fuzz")


KINDS = {"connector": new_connector, "format": new_format, "function": new_function, "operator": new_operator}


def main():
    parser = argparse.ArgumentParser(prog="./dev new", description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("name")
    parser.add_argument("--group", default="string", help="of a function: the folder below scalar/ (string)")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    try:
        KINDS[arguments.kind](arguments.root, arguments)
    except Refused as refused:
        print(f"error: {refused}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
