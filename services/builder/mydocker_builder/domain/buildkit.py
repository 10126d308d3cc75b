"""BuildKit's events, as buildx prints them with `--progress=rawjson`, and its last error.

It prints JSON objects with lists of `vertexes` (nodes of the build graph; an instruction is
one), `logs` (their output, base64) and `statuses` (transfers inside a vertex). A vertex is reported
again whenever it changes. When the build fails, plain text follows: the place in the Dockerfile
(`Dockerfile:3` and an excerpt) and a line that begins with `ERROR:`. A step cannot imitate any of
it, because its output is always inside `logs`.
Reference: `client.SolveStatus` in github.com/moby/buildkit.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

_LOCATION = re.compile(r"^Dockerfile:(\d+)$")
_PREFIX = re.compile(r"^ERROR: (?:failed to build: )?(?:failed to solve: )?")


@dataclass(frozen=True)
class Vertex:
    """The state of one node of the build graph."""

    digest: str
    name: str
    started: datetime | None = None
    is_cached: bool = False
    error: str = ""


@dataclass(frozen=True)
class VertexOutput:
    """Output of a vertex: any number of bytes, cut anywhere."""

    digest: str
    data: bytes
    at: datetime


@dataclass(frozen=True)
class Transfer:
    """A layer of this many bytes was transferred for a vertex."""

    digest: str
    name: str
    size: int


BuildKitEvent = Vertex | VertexOutput | Transfer


class SolveFailed(Exception):
    """BuildKit ended the build with this error, at this line of the Dockerfile where known."""

    def __init__(self, error: str, line: int | None = None) -> None:
        super().__init__(error)
        self.error, self.line = error, line


@dataclass(frozen=True)
class Status:
    """One JSON object."""

    json: str


@dataclass
class StatusReader:
    """Finds the JSON objects in what buildx prints: buildx 0.13 indents them, later ones do not."""

    _object: list[str] = field(default_factory=list)

    def add(self, text: str) -> Status | str | None:
        """The object that this line completes; the line itself where it belongs to none."""
        if self._object or text == "{":
            self._object.append(text)
            if text != "}":
                return None
            complete = "".join(self._object)
            self._object.clear()
            return Status(complete)
        return Status(text) if text.startswith("{") else text


def parse_events(text: str) -> Iterator[BuildKitEvent]:
    """The events of one JSON object; ValueError when it is none."""
    status: Mapping[str, Any] = json.loads(text)
    for vertex in status.get("vertexes") or ():
        yield Vertex(
            digest=str(vertex["digest"]),
            name=str(vertex.get("name", "")),
            started=_instant(vertex.get("started")),
            is_cached=bool(vertex.get("cached")),
            error=str(vertex.get("error") or ""),
        )
    for transfer in status.get("statuses") or ():
        if transfer.get("completed") and transfer.get("total"):
            size = int(transfer["total"])
            yield Transfer(str(transfer["vertex"]), str(transfer.get("id", "")), size)
    for output in status.get("logs") or ():
        at = _instant(output.get("timestamp")) or datetime.fromtimestamp(0, UTC)
        yield VertexOutput(str(output["vertex"]), base64.b64decode(output.get("data") or ""), at)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def parse_failure(lines: Iterable[str]) -> SolveFailed:
    """The error in the plain text that follows the events of a failed build."""
    number: int | None = None
    error: list[str] = []
    for line in lines:
        location = _LOCATION.match(line)
        if location and number is None and not error:
            number = int(location[1])
        if error or line.startswith("ERROR: "):
            error.append(line)
    text = "\n".join(error) or "\n".join(lines) or "BuildKit ended without a message."
    return SolveFailed(_PREFIX.sub("", text).strip(), number)
