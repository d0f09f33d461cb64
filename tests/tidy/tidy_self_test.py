#!/usr/bin/env python3
"""Plants one violation of each rule of tools/tidy.py in a small tree and sees that rule, and only that one, find it."""
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import cpp_scan  # noqa: E402
import tidy  # noqa: E402

CLEAN = {
    "src/CMakeLists.txt": """# Modules.
add_module(NAME base DIR base LIBS fmt::fmt)
add_module(NAME state DIR engine/state DEPENDS base)
add_module(NAME formats DIR engine/formats DEPENDS base PRIVATE_LIBS simdjson::simdjson)
add_module(NAME plan DIR engine/plan DEPENDS formats)
""",
    "src/README.md": "# Codemap\n- `base/`: results and errors.\n- `engine/state/`: keyed state and timers.\n"
                     "- `engine/formats/`: bytes to chunks.\n- `engine/plan/`: trees become plans.\n",
    "src/base/README.md": "# base\n",
    "src/base/clock.h": "// The clock.\n#pragma once\n",
    "src/base/clock.cc": "// The clock.\nauto Now() { return std::chrono::system_clock::now(); }\n",
    "src/engine/state/README.md": "# state\n",
    "src/engine/state/state.h": "// Keyed state.\n#pragma once\n",
    "src/engine/formats/README.md": "# formats\nPublic: `formats.h`, `schema_hint.h`.\n",
    "src/engine/formats/formats.h": '// Decoders.\n#pragma once\n#include "base/clock.h"\n',
    "src/engine/formats/schema_hint.h": "// A hint.\n#pragma once\n",
    "src/engine/formats/json/decoder.h": "// JSON.\n#pragma once\n",
    "src/engine/formats/json/decoder.cc": '// JSON.\n#include <simdjson.h>\n#include "engine/formats/json/decoder.h"\n',
    "src/engine/plan/README.md": "# plan\n",
    "src/engine/plan/plan.cc": """// Plans.
#include "engine/formats/formats.h"
#include "engine/formats/schema_hint.h"
#include "base/clock.h"
const char* k = "std::thread sleep_for(1)";
""",
    "tests/unit/engine/formats/json_test.cc": '#include "engine/formats/json/decoder.h"\n',
}

LONG_BODY = "  Step();\n" * 80
# rule → (path, text that replaces or adds that file; None removes it)
PLANTED = {
    "file_length": ("src/base/clock.cc", "// The clock.\n" + "int x;\n" * 801),
    "line_length": ("src/base/clock.cc", "// The clock.\nint " + "x" * 120 + ";\n"),
    "function_length": ("src/base/clock.cc", "// The clock.\nnamespace millrace {\nclass A {\n public:\n"
                        "  A() : a_(1) {\n" + LONG_BODY + "  }\n};\n}\n"),
    "names": ("src/base/string_utils.h", "// Text.\n#pragma once\n"),
    "file_names": ("src/base/Clock2.cc", "// A clock.\n"),
    "unfinished": ("src/base/clock.cc", "// The clock.\n// TO" + "DO: more\n"),
    "calls": ("src/engine/plan/plan.cc", "// Plans.\nvoid F() { std::this_thread::sleep_for(x); }\n"),
    "no_sleep_in_tests": ("tests/unit/base/a_test.cc", "void F() { std::this_thread::sleep_for(x); }\n"),
    "role_comment": ("src/engine/plan/plan.cc", "#include <chrono>\n"),
    "headers": ("src/base/clock.h", "// The clock.\n#pragma once\n#include <iostream>\n"),
    "machine_paths": ("docs/tour.md", "cd /" + "work/somewhere\n"),
    "layers": ("src/engine/formats/json/decoder.cc", "// JSON.\n#include \"engine/state/state.h\"\n"),
    "private_headers": ("src/engine/plan/plan.cc", "// Plans.\n#include \"engine/formats/json/decoder.h\"\n"),
    "libraries": ("src/engine/plan/plan.cc", "// Plans.\n#include <simdjson.h>\n"),
    "codemap": ("src/README.md", "# Codemap\n- `base/`: results and errors.\n- `engine/formats/`: bytes to chunks.\n"
                                 "- `engine/plan/`: trees become plans.\n- `engine/state/`: keyed state and timers.\n"
                                 "- `engine/gone/`: was here once.\n"),
    "readmes": ("src/base/README.md", None),
    "lists": ("src/engine/formats/formats.inc", "// Formats.\nFORMAT(raw, Raw)\nFORMAT(csv, Csv)\n"),
    "mirrored_tests": ("tests/unit/engine/nowhere/a_test.cc", "int x;\n"),
    "allow_list": ("tools/tidy_allow.txt", "# at most 1 entries\ncalls src/base/clock.cc  not needed\n"),
}
# Texts that look like violations and are none, and spellings of one that must not slip through.
NOT_FOUND = {
    "calls": "// Plans. std::thread\nint operand(int a);\nstd::thread::id id; auto x = grand(3); R\"(sleep_for)\";\n",
    "names": "// The commonest helper of all.\nclass CommonSubplan {};\n",
}
FOUND = {
    "calls": ["auto t = std::chrono::steady_clock::now();", "int r = rand();", "std::jthread t([] {});", "srand(1);"],
    "names": ["class JsonUtils {", "struct StringHelper {", "namespace common {"],
}


def findings_by_rule(files: dict) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return {name: findings for name, _, findings in tidy.check(Path(folder)) if findings}


def cases():
    """(name, problem or None) of each case."""
    clean = findings_by_rule(CLEAN)
    yield "clean tree", str(clean) if clean else None
    for rule, (path, text) in PLANTED.items():
        files = {name: content for name, content in {**CLEAN, path: text}.items() if content is not None}
        found = findings_by_rule(files)
        yield f"planted {rule}", None if set(found) == {rule} else f"found {found}"
    for rule, text in NOT_FOUND.items():
        found = findings_by_rule(dict(CLEAN, **{"src/engine/plan/plan.cc": text}))
        yield f"innocent {rule}", str(found) if found else None
    for rule, lines in FOUND.items():
        for line in lines:
            found = findings_by_rule(dict(CLEAN, **{"src/engine/plan/plan.cc": f"// Plans.\n{line}\n"}))
            yield f"{rule}: {line}", None if set(found) == {rule} else f"found {found}"
    every = {tidy.rule_name(rule) for rule in tidy.RULES} | {"allow_list"}
    yield "each rule has a planted violation", None if every == set(PLANTED) else str(every ^ set(PLANTED))
    unlisted = dict(CLEAN, **{"src/engine/functions/a.cc": "// A.\nextern const ScalarFunction kA = {};\n"})
    yield "a function that is not listed", None if "lists" in findings_by_rule(unlisted) else "not found"
    allowed = dict(CLEAN, **{"src/base/clock.cc": PLANTED["line_length"][1],
                             "tools/tidy_allow.txt": "# at most 1 entries\nline_length src/base/clock.cc  x\n"})
    yield "the allow-list hides a finding", str(findings_by_rule(allowed)) if findings_by_rule(allowed) else None
    text = ("struct A {\n  int f() const {\n    return 1'000 + '{';\n  }\n};\n"
            "const T k = Make({\n  1,\n});\nint g(int a)\n{\n}\n")
    names = [(function.name, function.line_count) for function in cpp_scan.find_functions(text)]
    yield "functions of a text", None if names == [("f", 3), ("g", 2)] else str(names)


def main():
    passed = failed = 0
    for name, problem in cases():
        if problem:
            failed += 1
            print(f"FAILED {name}: {problem}")
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
