"""Ports: nobody chooses a free one, lets it go, and binds it later."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_KEEPER = ROOT / "tests/support/ports.py"
_USES = ("listen", "recv", "recvfrom")


def let_go(source: str) -> list[int]:
    """Lines of blocks that bind port 0 and read the number, but never listen on it."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.With | ast.FunctionDef | ast.AsyncFunctionDef)
        if (calls := _calls(node))
        if calls["bind"] and calls["getsockname"] and not any(calls[use] for use in _USES)
        if isinstance(node, ast.With) or _closes(node)
    ]


def _calls(node: ast.AST) -> dict[str, bool]:
    used = dict.fromkeys(("bind", "getsockname", *_USES), False)
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            name = call.func.attr
            if name == "bind":
                used["bind"] |= any(
                    isinstance(argument, ast.Tuple)
                    and isinstance(argument.elts[-1], ast.Constant)
                    and argument.elts[-1].value == 0
                    for argument in call.args
                )
            elif name in used:
                used[name] = True
    return used


def _closes(node: ast.AST) -> bool:
    """Whether sockets are closed in here by hand."""
    return any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "close"
        for call in ast.walk(node)
    )


@pytest.mark.parametrize(
    "source",
    [
        "with socket.socket() as s:\n  s.bind(('', 0))\n  port = s.getsockname()[1]",
        "def f():\n  s = socket.socket()\n  s.bind((HOST, 0))\n  p = s.getsockname()\n  s.close()",
    ],
)
def test_a_port_that_is_let_go_is_found(source: str) -> None:
    assert let_go(source) != []


@pytest.mark.parametrize(
    "source",
    [
        "with socket.socket() as s:\n  s.bind(('', 0))\n  s.listen()\n  s.getsockname()",
        "def f():\n  s = socket.socket()\n  s.bind(('', 0))\n  return s, s.getsockname()[1]",
    ],
)
def test_a_socket_that_is_kept_is_right(source: str) -> None:
    assert let_go(source) == []


def test_no_port_of_ours_is_chosen_and_bound_later() -> None:
    guilty = {
        str(path.relative_to(ROOT)): lines
        for folder in ("services", "deploy", "tools", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if "node_modules" not in path.parts and path != _KEEPER
        if (lines := let_go(path.read_text("utf-8")))
    }
    assert guilty == {}
