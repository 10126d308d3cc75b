"""Monotonic clocks: they count from the machine's start, so zero is never "long ago"."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_CLOCKS = {"monotonic", "perf_counter", "time"}
_CLOCK_OWNERS = {"time", "loop", "get_running_loop", "get_event_loop", "asyncio"}


def zero_instants(source: str) -> list[str]:
    """Names that hold a reading of a monotonic clock, and somewhere a number as a first value."""
    tree = ast.parse(source)
    bindings = list(_bindings(tree))
    readings = {name for name, value in bindings if _is_reading(value)}
    readings |= set(_subtracted(tree, readings))
    return sorted({name for name, value in bindings if name in readings and _is_number(value)})


def _bindings(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from _pairs(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield from _pairs(target, value)
            case ast.Call(keywords=keywords):
                yield from ((keyword.arg, keyword.value) for keyword in keywords if keyword.arg)


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for left, right in zip(target.elts, value.elts, strict=False):
            yield from _pairs(left, right)
    elif isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Attribute):
        yield target.attr, value


def _subtracted(tree: ast.AST, readings: set[str]) -> Iterator[str]:
    """`x` of `time.monotonic() - x` and `now - x`, with `now` a reading."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
            name = getattr(node.left, "attr", getattr(node.left, "id", ""))
            if _is_reading(node.left) or name in readings:
                yield getattr(node.right, "attr", getattr(node.right, "id", ""))


def _is_reading(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call) or value.args or value.keywords:
        return False
    match value.func:
        case ast.Attribute(value=ast.Name(id="time"), attr="time"):
            return False  # the wall clock, whose zero is long ago
        case ast.Attribute(value=owner, attr=attr) if attr in _CLOCKS:
            called = owner.func if isinstance(owner, ast.Call) else owner
            return getattr(called, "attr", getattr(called, "id", "")) in _CLOCK_OWNERS
    return False


def _is_number(value: ast.expr) -> bool:
    if isinstance(value, ast.UnaryOp):
        value = value.operand
    return isinstance(value, ast.Constant) and isinstance(value.value, int | float)


@pytest.mark.parametrize(
    "source",
    [
        "self.at, x = 0.0, 1\nif time.monotonic() - self.at > 5: pass",
        "class A:\n  last: float = 0\n  def f(self):\n    self.last = time.monotonic()",
        "seen = -1.0\nnow = loop.time()\nif now - seen > 3: pass",
        "b = Bucket(filled=0.0)\nb.filled = asyncio.get_running_loop().time()",
    ],
)
def test_a_zero_that_means_never_is_found(source: str) -> None:
    assert zero_instants(source) != []


@pytest.mark.parametrize(
    "source",
    [
        'at = float("-inf")\nif time.monotonic() - at > 5: pass',
        "made = 0.0\nif time.time() - made > 5: pass",
        "spent = 0.0\nbegan = time.monotonic()\nspent += time.monotonic() - began",
        "at: float | None = None\nat = time.monotonic()",
    ],
)
def test_other_beginnings_are_right(source: str) -> None:
    assert zero_instants(source) == []


def test_no_clock_of_ours_takes_zero_for_never() -> None:
    """On a machine that has just booted, `monotonic() - 0.0` is a few seconds."""
    guilty = {
        str(path.relative_to(ROOT)): names
        for folder in ("services", "deploy", "tools", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if "node_modules" not in path.parts
        if (names := zero_instants(path.read_text("utf-8")))
    }
    assert guilty == {}
