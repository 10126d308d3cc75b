"""What a statement says, read from its syntax alone."""

import ast
from collections.abc import Iterable, Mapping

CALLS = {"call": "", "download": "GET", "download_asked": "POST"}
"""Methods of `ServiceClient` to the HTTP method; empty: their first argument names it."""


def fixed_text(node: ast.expr, known: Mapping[str, str]) -> str | None:
    """A text as far as it is fixed; what is put into it becomes `{}`."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts
            )
        case ast.Name(id=name):
            return known.get(name)
    return None


def raises_name(body: Iterable[ast.stmt], name: str) -> bool:
    return any(
        isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id == name
        for statement in body
        for node in ast.walk(statement)
    )
