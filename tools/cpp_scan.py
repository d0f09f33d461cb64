"""A shallow look at C++ text for tidy.py: comments and literals removed, and where functions begin and end.

Nothing here parses C++. It is exact enough for formatted code: braces are matched after literals are blanked, and a
brace opens a function when it follows a parameter list at namespace or class scope.
"""
import re
from typing import Iterator, NamedTuple

TOKENS = re.compile(
    r'R"(?P<tag>[^\s()\\]{0,16})\((?:.|\n)*?\)(?P=tag)"'  # raw string
    r'|//[^\n]*|/\*(?:.|\n)*?\*/'  # comments
    r'|"(?:\\.|[^"\\\n])*"'  # string
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"  # character, but not the separator of 1'000
)
NOT_A_FUNCTION = re.compile(
    r"^(?:inline\s+)?(?:namespace|enum|union|extern)\b|^(?:template\s*<.*>\s*)?(?:class|struct|concept)\b", re.DOTALL)
SCOPE = re.compile(r"\b(?:namespace|class|struct|union)\b|^extern\b")
ACCESS_LABEL = re.compile(r"\b(?:public|private|protected)\s*:")


class Function(NamedTuple):
    name: str
    first_line: int
    line_count: int


def blank_literals(text: str, keep_comments: bool = False) -> str:
    """The same text, of the same shape, with the inside of literals (and comments) replaced by blanks."""

    def blank(match):
        token = match.group(0)
        if token.startswith("/"):
            return token if keep_comments else re.sub(r"[^\n]", " ", token)
        return '"' + re.sub(r"[^\n]", " ", token[1:-1]) + '"'

    return TOKENS.sub(blank, text)


def drop_preprocessor(code: str) -> str:
    """Blanks directives with their continuation lines, so that braces in macros do not count."""
    directive = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
    return directive.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), code)


def _is_function_header(header: str) -> bool:
    if NOT_A_FUNCTION.search(header) or "(" not in header:
        return False
    without_parens = re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", header))
    assignment = re.search(r"(?<![=!<>+\-*/%&|^])=(?!=)", re.sub(r"operator\s*\S+", "", without_parens))
    return assignment is None and header.count("(") == header.count(")")


def _name_of(header: str) -> str:
    match = re.search(r"([\w:~]+|operator\s*\S+?)\s*\(", header)
    return match.group(1) if match else header.strip()[:40]


def find_functions(text: str) -> Iterator[Function]:
    """Functions with a body, at namespace or class scope, in the order in which they end."""
    code = drop_preprocessor(blank_literals(text))
    stack = []  # of [kind, name, first line]; kind: scope, function, other
    header_start = 0
    line = 1
    parens = 0
    for position, character in enumerate(code):
        if character == "\n":
            line += 1
        elif character in "([":
            parens += 1
        elif character in ")]":
            parens -= 1
        elif character == "{":
            header = ACCESS_LABEL.sub("", code[header_start:position]).strip()
            at_scope = all(kind == "scope" for kind, _, _ in stack) and parens == 0
            if at_scope and SCOPE.search(header) and not _is_function_header(header):
                stack.append(["scope", "", line])
            elif at_scope and _is_function_header(header):
                stack.append(["function", _name_of(header), line])
            else:
                stack.append(["other", "", line])
            header_start = position + 1
        elif character == "}":
            if stack:
                kind, name, first = stack.pop()
                if kind == "function":
                    yield Function(name, first, line - first + 1)
            header_start = position + 1
        elif character == ";" and parens == 0:
            header_start = position + 1
