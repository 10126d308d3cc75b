"""Counts private metaphors in names: there are none, in any package.

Section 0 of the style rules: names come from the field's vocabulary (wakeup, session, queue
position, node), never from a metaphor, and a variable is named for what it holds, never `found`.

The script reads names from the syntax tree: modules, classes, functions, arguments, variables,
attributes, log events and metric names. Of docstrings and comments it counts only the words that
have no plain meaning in this code base.

`python -m tests.architecture.test_plain_language services/api` lists each occurrence as
`file:line: name (word)`. Keep the old name of a metric, setting or field of a contract for one
release (CHANGELOG.md).

`line` is allowed where it is a line of text or its number: bound by a loop, annotated as `str` or
`int`, assigned from `readline` or from such a line, or in `TEXT_LINES`. `TERMS` are terms of LTI
(`line_item`) and of texts (`line_number`).
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
METAPHORS = frozenset(
    [
        "door",
        "doors",
        "bell",
        "bells",
        "word",
        "told",
        "unheard",
        "departure",
        "farewell",
        "place",
        "line",
        "visitor",
        "visitors",
        "stands",
        "rests",
    ]
)
NAMELESS = frozenset({"one", "each", "found", "kept", "around"})
"""Whole names that say nothing of what they hold."""
IN_PROSE = re.compile(r"\b(told|bells?|farewell|unheard)\b", re.IGNORECASE)
TEXT_LINES = frozenset({"LineAssembler", "LogLine", "MAX_LINE", "clean_line"})
TERMS = re.compile(r"line_?items?|line_?(?:numbers?|ends?|breaks?)", re.IGNORECASE)
"""A gradebook column in LTI Assignment and Grade Services; a line of text."""
TEXT_VALUE = re.compile(r"\breadline\b|\bline\b")
LOG_METHODS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})
METRICS = frozenset({"Counter", "Gauge", "Histogram", "Summary", "Info"})
GENERATED = ROOT / "clients/python/mydocker_client/models.py"
"""Made from the OpenAPI description, aliases of older fields included."""
PACKAGES = (
    *("services/api", "services/bastion", "services/builder", "services/kit"),
    *("services/lti-gateway", "services/orchestrator"),
    *("deploy", "tools", "clients", "frontend/src", "frontend/desktop", "tests"),
)


class Occurrence(NamedTuple):
    """A metaphor at a line of a file."""

    path: Path
    line: int
    name: str
    metaphor: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.name} ({self.metaphor})"


def parts(name: str) -> list[str]:
    """The lower-case words of an identifier in snake, camel or dotted form."""
    return [part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def metaphors(name: str) -> Iterator[str]:
    if name in NAMELESS:
        yield name
    if name not in TEXT_LINES:
        rest = TERMS.sub("", name)
        yield from (part for part in parts(rest) if part in METAPHORS)


def names_bound(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name that this module defines, with its line; text lines are left out."""
    of_text = {id(node) for node in _lines_of_text(tree)}
    for node in ast.walk(tree):
        if id(node) in of_text:
            continue
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield node.lineno, name
            case ast.AsyncFunctionDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name):
                yield node.lineno, name
            case ast.Name(id=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield node.lineno, name
            case ast.alias(asname=str(name)):
                yield node.lineno, name
            case ast.Call():
                yield from _published(node)


def _published(call: ast.Call) -> Iterator[tuple[int, str]]:
    """The name of a log event or of a metric."""
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="log"), attr=method),
            args=[ast.Constant(value=str(event)), *_],
        ) if method in LOG_METHODS:
            yield call.lineno, event
        case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str(metric)), *_]) if (
            kind in METRICS
        ):
            yield call.lineno, metric


def _lines_of_text(tree: ast.Module) -> Iterator[ast.AST]:
    """Bindings of the plain name `line` that hold a line of text, or its number."""
    for node in ast.walk(tree):
        match node:
            case ast.For(target=target) | ast.AsyncFor(target=target):
                yield from _bindings_for_text(target)
            case ast.comprehension(target=target):
                yield from _bindings_for_text(target)
            case ast.arg(arg="line", annotation=ast.expr() as kind):
                yield from [node] if _is_text(kind) else []
            case ast.AnnAssign(target=target, annotation=kind):
                yield from _bindings_for_text(target) if _is_text(kind) else []
            case ast.Assign(targets=targets, value=value) if TEXT_VALUE.search(ast.unparse(value)):
                yield from (binding for target in targets for binding in _bindings_for_text(target))


def _bindings_for_text(target: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(target):
        match node:
            case ast.Name(id="line") | ast.Attribute(attr="line"):
                yield node


def _is_text(kind: ast.expr) -> bool:
    return re.search(r"\b(str|int|bytes)\b", ast.unparse(kind)) is not None


def prose(text: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Docstrings and comments, with their line."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str(docstring))):
                yield node.lineno, docstring
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def in_python(path: Path) -> Iterator[Occurrence]:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    for metaphor in metaphors(path.stem):
        yield Occurrence(path, 1, path.name, metaphor)
    for number, name in names_bound(tree):
        yield from (Occurrence(path, number, name, metaphor) for metaphor in metaphors(name))
    for number, sentence in prose(text, tree):
        for match in IN_PROSE.finditer(sentence):
            yield Occurrence(path, number, match[0], match[0].lower())


DECLARED = re.compile(
    r"\b(?:const|let|var|function|class|type|interface|enum)\s+([A-Za-z_$][\w$]*)"
    r"|[(,]\s*([A-Za-z_$][\w$]*)\s*(?::[^,()=]+)?(?=[,)][^;{}]*=>)|\b([A-Za-z_$][\w$]*)\s*=>"
)
TYPESCRIPT_COMMENT = re.compile(r"//.*|/\*.*?\*/", re.DOTALL)


def in_typescript(path: Path) -> Iterator[Occurrence]:
    """Declared names by a pattern, since no TypeScript parser is at hand."""
    text = path.read_text("utf-8")
    for metaphor in metaphors(path.name.split(".")[0]):
        yield Occurrence(path, 1, path.name, metaphor)
    for match in DECLARED.finditer(text):
        name = next(group for group in match.groups() if group)
        number = text.count("\n", 0, match.start()) + 1
        if name != "line":
            yield from (Occurrence(path, number, name, metaphor) for metaphor in metaphors(name))
    for comment in TYPESCRIPT_COMMENT.finditer(text):
        for match in IN_PROSE.finditer(comment[0]):
            number = text.count("\n", 0, comment.start()) + 1
            yield Occurrence(path, number, match[0], match[0].lower())


def occurrences(package: str) -> list[Occurrence]:
    """Every metaphor in a package, migrations and generated files aside."""
    listed: list[Occurrence] = []
    for path in sorted((ROOT / package).rglob("*")):
        if {"migrations", "node_modules", "__pycache__"} & set(path.parts) or path == GENERATED:
            continue
        if path.suffix == ".py":
            listed += in_python(path)
        elif path.suffix in (".ts", ".tsx") and not path.name.endswith(".d.ts"):
            listed += in_typescript(path)
    return listed


@pytest.mark.parametrize("package", PACKAGES)
def test_names_are_free_of_metaphors(package: str) -> None:
    shown = "\n".join(map(str, occurrences(package)[:20]))
    assert not shown, f"{package}: use the field's terms (style, section 0):\n{shown}"


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        listed = occurrences(argument)
        print(*listed, f"{argument}: {len(listed)}", sep="\n")
