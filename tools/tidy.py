#!/usr/bin/env python3
"""Keeps the tree true to its own rules: sizes, names, calls, includes, the codemap. Ends with: N passed, N failed.

Each rule is one function over the tree and counts as one test case. A finding that must stay for a while stands in
tools/tidy_allow.txt, which may only shrink: an entry that no longer hides anything is a finding itself (--shrink takes
such entries out), and so are more entries than its first line allows.
"""
import argparse
import ast
import re
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from typing import Callable, Iterator, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))
import cpp_scan  # noqa: E402

FILE_LINES_MAX = 800
FUNCTION_LINES_MAX = 70
LINE_COLUMNS_MAX = 120
README_LINES_MAX = 60

CPP = (".h", ".cc", ".inc")
CODE = CPP + (".py", ".sh", ".cmake")
DRAWER_NAME = re.compile(r"(?:^|[_/])(?:utils?|helpers?|common|misc)(?=[_./]|$)", re.IGNORECASE)
DRAWER_TYPE = re.compile(
    r"\b(?:class|struct|namespace)\s+(\w*(?:Utils?|Helpers?|Common|Misc)|(?:\w+_)?(?:utils?|helpers?|common|misc))\b")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
MACHINE_PATH = re.compile(r"(?<![\w.~}])/(?:work|root|home|farm)/[\w.]")
# Time, chance, threads and files come in through base/ (so that a seeded simulation can drive the same code).
BANNED_CALLS = {
    r"\bsleep_for\b|\bsleep_until\b|\busleep\s*\(|\bnanosleep\s*\(": "waiting comes from base/",
    r"\b(?:system|steady|high_resolution)_clock::now\b|\bgettimeofday\b|\bclock_gettime\b": "time comes from base/",
    r"(?<![\w:.>])s?rand\s*\(|\brandom_device\b|\bmt19937": "random numbers come from base/",
    r"\bstd::(?:jthread|thread|async)\b(?!::)": "threads come from base/",
}
HEAVY_IN_HEADER = re.compile(
    r"<(?:regex|iostream|simdjson\.h|nlohmann/json\.hpp|(?:boost|librdkafka|CLI|spdlog)/[^>]*)>")
# Which target must be linked by the module that includes such a header.
LIBRARY_OF_HEADER = {
    r"simdjson\.h": "simdjson::simdjson", r"librdkafka/": "PkgConfig::RDKAFKA", r"pcre2\.h": "PkgConfig::PCRE2",
    r"unicode/": "PkgConfig::ICU", r"openssl/": "OpenSSL::", r"date/": "date::date", r"nlohmann/": "nlohmann_json::",
    r"CLI/": "CLI11::CLI11", r"editline/|histedit\.h": "PkgConfig::EDIT", r"spdlog/": "spdlog::spdlog",
}
# Modules whose every header is for everyone: the words all others speak.
OPEN_MODULES = ("base", "types")


class Finding(NamedTuple):
    path: str
    line: int
    text: str


class Module(NamedTuple):
    name: str
    folder: str  # below src/
    depends: tuple
    libraries: tuple


class Tree:
    """The files under a root, read once."""

    def __init__(self, root: Path):
        self.root = root

    @cached_property
    def paths(self) -> list:
        command = ["git", "-C", str(self.root), "ls-files", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, capture_output=True, text=True, check=False)
        names = listed.stdout.splitlines() if listed.returncode == 0 else [
            str(path.relative_to(self.root)) for path in self.root.rglob("*") if ".git" not in path.parts]
        return sorted(name for name in set(names) if (self.root / name).is_file() and not name.startswith("build/"))

    @cached_property
    def texts(self) -> dict:
        found = {}
        for name in self.paths:
            data = (self.root / name).read_bytes()
            if b"\0" not in data[:4096]:
                found[name] = data.decode("utf-8", errors="replace")
        return found

    def code(self, suffixes=CODE) -> Iterator:
        for name, text in self.texts.items():
            script = name in ("dev", ".ci/run") and ".sh" in suffixes
            if script or name.endswith(suffixes) or (name.endswith("CMakeLists.txt") and ".cmake" in suffixes):
                yield name, text

    @cached_property
    def modules(self) -> list:
        text = re.sub(r"#[^\n]*", "", self.texts.get("src/CMakeLists.txt", ""))
        found = []
        for body in re.findall(r"add_module\(([^)]*)\)", text):
            words, key, values = body.split(), "", {}
            for word in words:
                if word in ("NAME", "DIR", "DEPENDS", "LIBS", "PRIVATE_LIBS"):
                    key = word
                else:
                    values.setdefault(key, []).append(word)
            libraries = values.get("LIBS", []) + values.get("PRIVATE_LIBS", [])
            depends = tuple(values.get("DEPENDS", []))
            found.append(Module(values["NAME"][0], values["DIR"][0], depends, tuple(libraries)))
        return found

    def module_of(self, name: str):
        """The module to which a path below src/ belongs: the one with the longest folder."""
        fitting = [module for module in self.modules if name.startswith(module.folder + "/")]
        return max(fitting, key=lambda module: len(module.folder), default=None)


def numbered(text: str) -> Iterator:
    return enumerate(text.splitlines(), start=1)


def rule_file_length(tree: Tree):
    """a source file has at most 800 lines"""
    for name, text in tree.code():
        if text.count("\n") > FILE_LINES_MAX:
            yield Finding(name, 1, f"{text.count(chr(10))} lines (at most {FILE_LINES_MAX}): split it by concept")


def rule_line_length(tree: Tree):
    """a line has at most 120 columns"""
    for name, text in tree.code():
        for number, line in numbered(text):
            if len(line) > LINE_COLUMNS_MAX and "http" not in line and not line.startswith("#include"):
                yield Finding(name, number, f"{len(line)} columns (at most {LINE_COLUMNS_MAX})")


def python_functions(text: str) -> Iterator:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield cpp_scan.Function(node.name, node.lineno, node.end_lineno - node.lineno + 1)


def rule_function_length(tree: Tree):
    """a function has at most 70 lines"""
    for name, text in tree.code((".h", ".cc", ".py")):
        functions = python_functions(text) if name.endswith(".py") else cpp_scan.find_functions(text)
        for function in functions:
            if function.line_count > FUNCTION_LINES_MAX:
                lines = f"{function.line_count} lines (at most {FUNCTION_LINES_MAX})"
                yield Finding(name, function.first_line, f"{function.name} has {lines}: extract a step with a name")


def rule_names(tree: Tree):
    """nothing is a drawer: no utils, helpers, common, misc"""
    for name in tree.paths:
        if DRAWER_NAME.search(name):
            yield Finding(name, 1, "the name says nothing: name the concept")
    for name, text in tree.code(CPP):
        for number, line in numbered(cpp_scan.blank_literals(text)):
            match = DRAWER_TYPE.search(line)
            if match:
                yield Finding(name, number, f"{match.group(1)}: name the concept")


def rule_file_names(tree: Tree):
    """source files are snake_case"""
    for name, _ in tree.code(CPP + (".py",)):
        if not re.fullmatch(r"[a-z0-9_]+\.(?:h|cc|inc|py)", Path(name).name):
            yield Finding(name, 1, "not snake_case")


def rule_unfinished(tree: Tree):
    """nothing is left open in the sources"""
    for name, text in tree.code():
        if name.startswith("tools/tidy"):
            continue
        for number, line in numbered(text):
            if UNFINISHED.search(line):
                yield Finding(name, number, "left open: finish it, or file an issue and say what does not work")


def rule_calls(tree: Tree):
    """time, chance and threads come from base/"""
    for name, text in tree.code((".h", ".cc")):
        if name.startswith("src/base/") or not name.startswith("src/"):
            continue
        for number, line in numbered(cpp_scan.blank_literals(text)):
            for pattern, why in BANNED_CALLS.items():
                if name.startswith("src/bin/") and why.startswith("threads"):
                    continue  # a program may watch its own terminal; what a job does stays with base/
                if re.search(pattern, line):
                    yield Finding(name, number, f"{why}: {line.strip()[:60]}")


def rule_no_sleep_in_tests(tree: Tree):
    """no test waits by sleeping"""
    for name, text in tree.code((".h", ".cc")):
        if name.startswith("tests/"):
            for number, line in numbered(cpp_scan.blank_literals(text)):
                if re.search(r"\bsleep_for\b|\busleep\s*\(", line):
                    yield Finding(name, number, "wait for an event, or use a clock that the test moves")


def rule_role_comment(tree: Tree):
    """each file opens with a comment that says its role (x.cc may leave it to the x.h beside it)"""
    for name, text in tree.code():
        has_header = name.endswith(".cc") and name.removesuffix(".cc") + ".h" in tree.texts
        if name.startswith(("tests/", "examples/")) or not text.strip() or has_header:
            continue
        lines = text.splitlines()
        first = lines[1] if lines[0].startswith("#!") and len(lines) > 1 else lines[0]
        if not first.startswith(("//", "#", '"""', "/*")) or first.startswith(("#include", "#pragma")):
            yield Finding(name, 1, "the first line is no comment about the file's role")


def rule_headers(tree: Tree):
    """headers have #pragma once and include nothing heavy"""
    for name, text in tree.code((".h",)):
        if not name.startswith("src/"):
            continue
        if "#pragma once" not in text:
            yield Finding(name, 1, "no #pragma once")
        for number, line in numbered(text):
            light = not name.startswith("src/bin/")  # a program's own headers reach no module
            if light and line.startswith("#include") and HEAVY_IN_HEADER.search(line):
                yield Finding(name, number, f"keep it in a .cc: {line}")
            if re.match(r"using namespace\b", line):
                yield Finding(name, number, "a header opens no namespace for others")


def rule_machine_paths(tree: Tree):
    """no path of one machine is in the tree"""
    for name, text in tree.texts.items():
        for number, line in numbered(text):
            match = MACHINE_PATH.search(line)
            if match:
                yield Finding(name, number, f"a path of one machine: {line.strip()[:80]}")


def reachable(tree: Tree) -> dict:
    """module name → names of the modules that it may use, itself included"""
    found = {}
    for module in tree.modules:
        uses = {module.name}
        for dependency in module.depends:
            uses |= found.get(dependency, {dependency})
        found[module.name] = uses
    return found


def includes(text: str) -> Iterator:
    for number, line in numbered(text):
        match = re.match(r'#include ([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match.group(1), match.group(2)


def rule_layers(tree: Tree):
    """a module includes only headers of modules that it depends on"""
    allowed = reachable(tree)
    for name, text in tree.code(CPP):
        module = tree.module_of(name[len("src/"):]) if name.startswith("src/") else None
        for number, quote, path in includes(text) if module else ():
            target = tree.module_of(path) if quote == '"' else None
            if target and target.name not in allowed[module.name]:
                edge = f"module {module.name} does not depend on {target.name}"
                yield Finding(name, number, f"{edge} (src/CMakeLists.txt): {path}")


def is_public(tree: Tree, module: Module, path: str) -> bool:
    readme = tree.texts.get(f"src/{module.folder}/README.md", "")
    own_name = f"{module.folder}/{Path(module.folder).name}.h"
    named = any(f"`{name}`" in readme for name in (path, path[len(module.folder) + 1:], Path(path).name))
    return module.name in OPEN_MODULES or path == own_name or named


def rule_private_headers(tree: Tree):
    """of another module only public headers are included: <folder>.h and those that its README names in backquotes"""
    for name, text in tree.code(CPP):
        module = tree.module_of(name[len("src/"):]) if name.startswith("src/") else None
        for number, quote, path in includes(text) if module else ():
            target = tree.module_of(path) if quote == '"' else None
            if target and target != module and not is_public(tree, target, path):
                readme = f"src/{target.folder}/README.md"
                yield Finding(name, number, f"{path} is private to {target.name}: {readme} does not name it")


def rule_libraries(tree: Tree):
    """a third-party header is included only by a module that links its library"""
    for name, text in tree.code(CPP):
        module = tree.module_of(name[len("src/"):]) if name.startswith("src/") else None
        for number, quote, path in includes(text) if module else ():
            for header, library in LIBRARY_OF_HEADER.items():
                linked = any(own.startswith(library) for own in module.libraries)
                if quote == "<" and re.match(header, path) and not linked:
                    yield Finding(name, number, f"module {module.name} does not link {library}: {path}")


def source_folders(tree: Tree) -> set:
    """Folders of src/ that the codemap must list: those with sources, down to the modules."""
    folders = set()
    for name, _ in tree.code((".h", ".cc")):
        if name.startswith("src/"):
            below = Path(name).parent.relative_to("src")
            module = tree.module_of(name[len("src/"):])
            folders.add(module.folder if module else str(below))
    return folders - {"."}


def rule_codemap(tree: Tree):
    """src/README.md lists the modules and the folders that exist, each with a sentence"""
    text = tree.texts.get("src/README.md", "")
    listed = {}
    for number, line in numbered(text):
        match = re.match(r"\s*(?:\||[-*])\s*(?:\d+\s*\|)?\s*`([a-z0-9_/]+?)/?`\s*[|:](.*)", line)
        if match:
            listed[match.group(1)] = (number, match.group(2).strip(" |"))
    modules = {module.folder for module in tree.modules}
    for folder in sorted((source_folders(tree) | modules) - set(listed)):
        yield Finding("src/README.md", 1, f"the folder {folder}/ is not in the codemap")
    for folder, (number, sentence) in listed.items():
        is_module = any(module.folder == folder for module in tree.modules)
        if not is_module and not any(name.startswith(f"src/{folder}/") for name in tree.paths):
            yield Finding("src/README.md", number, f"there is no folder src/{folder}/")
        if len(sentence.split()) < 3:
            yield Finding("src/README.md", number, f"no sentence about {folder}/")


def rule_readmes(tree: Tree):
    """each module has a README of at most a page"""
    for module in tree.modules:
        if not any(name.startswith(f"src/{module.folder}/") and name.endswith((".h", ".cc")) for name in tree.paths):
            continue
        readme = f"src/{module.folder}/README.md"
        lines = tree.texts.get(readme, "").count("\n")
        if lines == 0:
            yield Finding(readme, 1, "missing: purpose, what enters and leaves, who owns, which thread, where to start")
        elif lines > README_LINES_MAX:
            yield Finding(readme, 1, f"{lines} lines (at most {README_LINES_MAX})")


def rule_lists(tree: Tree):
    """the lists of functions, connectors and formats are sorted, and each function that is declared is listed"""
    for name in ("functions/functions.inc", "connectors/connectors.inc", "formats/formats.inc"):
        before = ""
        for number, line in numbered(tree.texts.get(f"src/engine/{name}", "")):
            entry = line.lower() if re.match(r"[A-Z_]+\(\w+.*\)$", line) else ""
            if entry and before and entry < before:
                yield Finding(f"src/engine/{name}", number, f"not in order: {line}")
            before = entry
    listed = set(re.findall(r"^\w+\((k\w+)\)", tree.texts.get("src/engine/functions/functions.inc", ""), re.MULTILINE))
    for name, text in tree.code((".cc",)):
        if name.startswith("src/engine/functions/"):
            for symbol in re.findall(r"\bconst (?:Scalar|Aggregate|Table)Function (k\w+)", text):
                if symbol not in listed:
                    yield Finding(name, 1, f"{symbol} is not in functions.inc: nobody can call it")


def rule_mirrored_tests(tree: Tree):
    """tests/unit, bench and fuzz mirror src/"""
    for name in tree.paths:
        match = re.match(r"(?:tests/unit|bench|fuzz)/(.+)/[^/]+_(?:test|bench|fuzz)\.cc$", name)
        if match and not any(path.startswith(f"src/{match.group(1)}/") for path in tree.paths):
            yield Finding(name, 1, f"there is no folder src/{match.group(1)}/")


RULES = [
    rule_file_length, rule_line_length, rule_function_length, rule_names, rule_file_names, rule_unfinished, rule_calls,
    rule_no_sleep_in_tests, rule_role_comment, rule_headers, rule_machine_paths, rule_layers, rule_private_headers,
    rule_libraries, rule_codemap, rule_readmes, rule_lists, rule_mirrored_tests,
]


def read_allowed(tree: Tree) -> list:
    """[(rule name, path)] of tidy_allow.txt: `rule path  reason`, blank lines and # comments apart."""
    text = tree.texts.get("tools/tidy_allow.txt", "")
    return [tuple(line.split()[:2]) for line in text.splitlines() if line.strip() and not line.startswith("#")]


def allowed_max(tree: Tree) -> int:
    """How many entries there may be: the number in the first line, "# at most N entries"; none when it is not there."""
    match = re.match(r"# at most (\d+) entries", tree.texts.get("tools/tidy_allow.txt", ""))
    return int(match.group(1)) if match else 0


def shrink_allowed(root: Path):
    """Takes out the entries that hide nothing any more, and lowers the number in the first line."""
    tree = Tree(root)
    found = {(rule_name(rule), finding.path) for rule in RULES for finding in rule(tree)}
    lines = tree.texts.get("tools/tidy_allow.txt", "").splitlines()[1:]
    kept = [line for line in lines if not line.strip() or line.startswith("#") or tuple(line.split()[:2]) in found]
    count = sum(1 for line in kept if line.strip() and not line.startswith("#"))
    text = "\n".join([f"# at most {count} entries: it only shrinks (tools/tidy.py --shrink)", *kept]) + "\n"
    (root / "tools/tidy_allow.txt").write_text(text, encoding="utf-8")


def rule_name(rule: Callable) -> str:
    return rule.__name__.removeprefix("rule_")


def check(root: Path) -> list:
    """[(rule, its findings that are not allowed)], with one more pseudo-rule for the allow-list itself."""
    tree = Tree(root)
    allowed = read_allowed(tree)
    used = set()
    results = []
    for rule in RULES:
        kept = []
        for finding in rule(tree):
            key = (rule_name(rule), finding.path)
            if key in allowed:
                used.add(key)
            else:
                kept.append(finding)
        results.append((rule_name(rule), rule.__doc__, kept))
    here = "tools/tidy_allow.txt"
    stale = [Finding(here, 1, f"hides nothing any more: {' '.join(key)}") for key in allowed if key not in used]
    if len(allowed) > allowed_max(tree):
        stale.append(Finding(here, 1, f"{len(allowed)} entries (at most {allowed_max(tree)}): it only shrinks"))
    results.append(("allow_list", "the allow-list only shrinks", stale))
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--shrink", action="store_true", help="take entries out of the allow-list that hide nothing")
    arguments = parser.parse_args()
    if arguments.shrink:
        shrink_allowed(arguments.root)
    results = check(arguments.root)
    for name, _, findings in results:
        for finding in findings:
            print(f"{finding.path}:{finding.line}: [{name}] {finding.text}")
    failed = sum(1 for _, _, findings in results if findings)
    for name, meaning, findings in results:
        if findings:
            print(f"FAILED {name} ({meaning}): {len(findings)} findings")
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
