"""What breaks programs of others between the released description of the API and today's.

`python -m deploy.compatibility` compares `services/api/openapi.released.json` with the code and
names each break of the promise in `docs/api.md`: an operation, parameter, field or value that went,
something new that is required, a type that differs. `--release` writes today's description as the
released one; `make release` does it.

No tool of others can be had here for it: `oasdiff` and `openapi-changes` are binaries outside of
the package registries, and the comparisons among npm's packages know OpenAPI 3.0 alone.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from deploy.machine.failures import doing, guarded
from mydocker_api.openapi import openapi_json

RELEASED = Path(__file__).parents[1] / "services/api/openapi.released.json"
Description = Mapping[str, Any]
_DEEPEST = 12
_REQUEST, _ANSWER = "request", "answer"


def main() -> int:
    """0 where nothing breaks."""
    parser = argparse.ArgumentParser(prog="python -m deploy.compatibility", description=__doc__)
    parser.add_argument("--release", action="store_true", help="write today's as the released one")
    work = _write if parser.parse_args().release else _check
    return guarded("deploy.compatibility", work)


def _write() -> int:
    with doing("write the released description"):
        RELEASED.write_text(openapi_json(), encoding="utf-8")
    return 0


def _check() -> int:
    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    breaks = list(breaking_changes(released, json.loads(openapi_json())))
    for text in breaks:
        print(text, file=sys.stderr)
    if breaks:
        print("This breaks programs that use the API (docs/api.md).", file=sys.stderr)
    return 1 if breaks else 0


def breaking_changes(old: Description, new: Description) -> Iterator[str]:
    """A sentence for each change that a program written for `old` may not survive."""
    for path, item in old["paths"].items():
        for method, before in item.items():
            after = new["paths"].get(path, {}).get(method)
            name = f"{method.upper()} {path}"
            if after is None:
                yield f"{name}: the operation went"
            else:
                yield from _Comparison(old, new, name).operation(before, after)


class _Comparison:
    """One operation, before and after."""

    def __init__(self, old: Description, new: Description, name: str) -> None:
        self._old, self._new, self._name = old, new, name

    def operation(self, before: Description, after: Description) -> Iterator[str]:
        if before["operationId"] != after["operationId"]:
            yield f"{self._name}: its id was {before['operationId']}, and clients are named by it"
        yield from self._parameters(before, after)
        yield from self._scope(before, after)
        yield from self._request(before.get("requestBody"), after.get("requestBody"))
        for status, response in before["responses"].items():
            if status.startswith("2"):
                now = after["responses"].get(status)
                if now is None:
                    yield f"{self._name}: it answers {status} no more"
                else:
                    yield from self._contents(response, now, _ANSWER)

    def _parameters(self, before: Description, after: Description) -> Iterator[str]:
        known = {(part["in"], part["name"]): part for part in before.get("parameters", ())}
        current = {(part["in"], part["name"]): part for part in after.get("parameters", ())}
        for key, part in known.items():
            where = f"parameter {key[1]}"
            if key not in current:
                yield f"{self._name}: {where} went"
            else:
                yield from self._schema(
                    part["schema"], current[key]["schema"], where, _REQUEST, depth=0
                )
        for key, part in current.items():
            was_required = known.get(key, {}).get("required", False)
            if part.get("required", False) and not was_required:
                yield f"{self._name}: parameter {key[1]} is required now"

    def _scope(self, before: Description, after: Description) -> Iterator[str]:
        scope = before.get("x-required-scope")
        if scope is not None and after.get("x-required-scope") not in (scope, "any"):
            yield f"{self._name}: tokens with {scope} are not enough any more"

    def _request(self, before: Description | None, after: Description | None) -> Iterator[str]:
        if after is not None and after.get("required") and not (before or {}).get("required"):
            yield f"{self._name}: a body is required now"
        if before is not None:
            yield from self._contents(before, after or {}, _REQUEST)

    def _contents(self, before: Description, after: Description, side: str) -> Iterator[str]:
        for kind, content in before.get("content", {}).items():
            current = after.get("content", {}).get(kind)
            if current is None:
                yield f"{self._name}: the {side} is {kind} no more"
            elif "schema" in content and "schema" in current:
                yield from self._schema(content["schema"], current["schema"], side, side, depth=0)

    def _schema(self, old: Any, new: Any, where: str, side: str, depth: int) -> Iterator[str]:
        before, after = _resolved(old, self._old), _resolved(new, self._new)
        if depth > _DEEPEST or before == after == {}:
            return
        lost, gained = _types(before) - _types(after), _types(after) - _types(before)
        narrowed = lost if side == _REQUEST else gained
        if narrowed and _types(before) and _types(after):
            yield f"{self._name}: {where} was {_named(before)}, is {_named(after)}"
            return
        went = set(before.get("enum", ())) - set(after.get("enum", before.get("enum", ())))
        if side == _REQUEST and went:
            yield f"{self._name}: {where} takes {', '.join(sorted(map(str, went)))} no more"
        if before.get("format") != after.get("format") and before.get("type") == "string":
            yield f"{self._name}: the format of {where} differs"
        yield from self._fields(before, after, where, side, depth)
        if "items" in before and "items" in after:
            yield from self._schema(before["items"], after["items"], f"{where}[]", side, depth + 1)

    def _fields(
        self, before: Description, after: Description, where: str, side: str, depth: int
    ) -> Iterator[str]:
        current = after.get("properties", {})
        for name, part in before.get("properties", {}).items():
            if name not in current:
                yield f"{self._name}: {where}.{name} went"
            else:
                yield from self._schema(part, current[name], f"{where}.{name}", side, depth + 1)
        needed, was_needed = set(after.get("required", ())), set(before.get("required", ()))
        changed = needed - was_needed if side == _REQUEST else was_needed - needed
        for name in sorted(changed & current.keys()):
            phrase = "is required now" if side == _REQUEST else "may be missing now"
            yield f"{self._name}: {where}.{name} {phrase}"


def _resolved(schema: Any, description: Description) -> Description:
    """What a reference names; of alternatives with null, the other one."""
    while True:
        if "$ref" in schema:
            schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            continue
        others = [part for part in schema.get("anyOf", ()) if part.get("type") != "null"]
        if len(others) == 1:
            inner = dict(_resolved(others[0], description))
            return {**inner, "nullable": len(schema["anyOf"]) > 1}
        known: Description = schema
        return known


def _types(schema: Description) -> set[str]:
    types = {str(schema["type"])} if "type" in schema else set()
    return types | ({"null"} if schema.get("nullable") else set())


def _named(schema: Description) -> str:
    return " or ".join(sorted(_types(schema)))


if __name__ == "__main__":
    raise SystemExit(main())
