"""Steps and log lines from BuildKit's events.

The log has the form of `docker build --progress=plain`: `#5 [2/3] RUN make` announces a vertex,
`#5 0.412 text` is its output with the seconds since it started, so that steps which run side by
side can be separated and no output looks like an announcement. Steps are the vertices that BuildKit
numbers, which are instructions that make a layer; they count in the order in which they start.
"""

import codecs
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from .buildkit import BuildKitEvent, Transfer, Vertex, VertexOutput
from .output import LineAssembler, readable

_INSTRUCTION = re.compile(r"^\[(?:[^\]]* )?\d+/\d+\] (.*)", re.DOTALL)
_METADATA = "[internal] load metadata for "
_SHOWN = (_METADATA, "exporting to image")
_MESSAGE_LINES = 3
"""Lines of a failing step that its message contains; the log has them all."""
_CANCELED = "context canceled"


@dataclass(frozen=True)
class Output:
    """A line of the log."""

    text: str


@dataclass(frozen=True)
class StepStarted:
    """A step starts, or has failed: its number of `total`, and its instruction."""

    number: int
    total: int
    instruction: str


@dataclass
class _Shown:
    """A vertex in the log."""

    number: int
    name: str
    started: datetime
    last: datetime
    """When it wrote last."""
    is_cached: bool = False
    has_failed: bool = False
    lines: LineAssembler = field(default_factory=LineAssembler)
    decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace")
    )
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=_MESSAGE_LINES))


@dataclass
class StepTracker:
    """Follows the vertices of one build."""

    failed: Vertex | None = None
    """The vertex whose error ended the build."""
    _names: dict[str, str] = field(default_factory=dict)
    _steps: list[str] = field(default_factory=list)
    """Digests of started instructions, in their order."""
    _shown: dict[str, _Shown] = field(default_factory=dict)

    def follow(self, event: BuildKitEvent) -> Iterator[Output | StepStarted]:
        """The steps and lines in one event."""
        match event:
            case Vertex():
                yield from self._vertex(event)
            case VertexOutput(digest, data, at):
                shown = self._shown.get(digest)
                if shown:
                    shown.last = at
                    for line in shown.lines.feed(shown.decoder.decode(data)):
                        yield self._output(shown, line)
            case Transfer(digest, name, size):
                shown = self._shown.get(digest)
                if shown and name.startswith("sha256:"):
                    yield Output(f"#{shown.number} {name[:19]} {size / 1e6:.1f} MB")

    def finish(self) -> Iterator[Output]:
        """Lines that did not end."""
        for shown in self._shown.values():
            for line in shown.lines.finish():
                yield self._output(shown, line)

    def tail(self) -> tuple[str, ...]:
        """The last lines of output of the vertex that failed."""
        shown = self._shown.get(self.failed.digest) if self.failed else None
        return tuple(shown.tail) if shown else ()

    def _vertex(self, vertex: Vertex) -> Iterator[Output | StepStarted]:
        self._names[vertex.digest] = vertex.name
        is_new = vertex.digest not in self._shown
        if is_new and vertex.started and (_INSTRUCTION.match(vertex.name) or _shows(vertex.name)):
            number = len(self._shown) + 1
            self._shown[vertex.digest] = _Shown(
                number, vertex.name, vertex.started, last=vertex.started
            )
            yield from self._started(vertex)
            yield Output(f"#{number} {readable(_joined(vertex.name))}")
        shown = self._shown.get(vertex.digest)
        if shown is None:
            if vertex.error and self.failed is None:
                self.failed = vertex
            return
        shown.started = vertex.started or shown.started
        if vertex.is_cached and not shown.is_cached:
            shown.is_cached = True
            yield Output(f"#{shown.number} CACHED")
        if vertex.error and not shown.has_failed and _CANCELED not in vertex.error:
            shown.has_failed = True
            for line in shown.lines.finish():
                yield self._output(shown, line)
            if self.failed is None:
                self.failed = vertex
                yield from self._started(vertex)
            for line in vertex.error.splitlines():
                yield Output(f"#{shown.number} ERROR: {readable(line)}")

    def _started(self, vertex: Vertex) -> Iterator[StepStarted]:
        match = _INSTRUCTION.match(vertex.name)
        if match is None:
            return
        if vertex.digest not in self._steps:
            self._steps.append(vertex.digest)
        total = sum(_INSTRUCTION.match(name) is not None for name in self._names.values())
        yield StepStarted(self._steps.index(vertex.digest) + 1, total, match[1])

    @staticmethod
    def _output(shown: _Shown, line: str) -> Output:
        if line.strip():
            shown.tail.append(line)
        seconds = max(0.0, (shown.last - shown.started).total_seconds())
        return Output(f"#{shown.number} {seconds:.3f} {line}")


def _shows(name: str) -> bool:
    return name.startswith(_SHOWN)


def _joined(name: str) -> str:
    return " ".join(name.split())
