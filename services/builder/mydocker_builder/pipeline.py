"""One build and its push, told as events."""

from collections import deque
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from uuid import UUID

from mydocker_kit.contracts.builds import BuildFailure, BuildRequest

from .domain.dockerfile import DockerfileRefused, Instruction, read_dockerfile
from .domain.failures import BuildFailed, LastWords, explain
from .domain.output import LineAssembler, step_of, with_total
from .engine import Engine, EngineAway, EngineError, NotThere, Pushed
from .sources import build_context

LABEL = "mydocker.build"
"""On every image: the id of its build."""
_ENGINE_WORDS = (" ---> ", "Removing intermediate container ")
_KEPT_OUTPUT = 3
"""Lines of a failing step that go into its message; the log has them all."""


@dataclass(frozen=True)
class Said:
    """The engine wrote a line."""

    text: str


@dataclass(frozen=True)
class StepBegan:
    """The engine reached an instruction."""

    number: int
    instruction: str


@dataclass(frozen=True)
class PushBegan:
    """Built; on its way to the registry."""


@dataclass(frozen=True)
class Published:
    """In the registry."""

    tag: str
    reference: str


BuildEvent = Said | StepBegan | PushBegan | Published


@dataclass(frozen=True)
class Order:
    """What to build and under which name to publish it."""

    id: UUID
    request: BuildRequest
    registry: str
    repeated: bool
    """An earlier builder was lost with it, perhaps after its push."""

    @property
    def repository(self) -> str:
        return f"{self.registry}/images/{self.request.repository}"

    @property
    def tag(self) -> str:
        """Names this build and no other, so it never moves."""
        return f"{self.request.number}-{self.id.hex[:8]}"

    def published(self, digest: str) -> Published:
        return Published(f"{self.repository}:{self.tag}", f"{self.repository}@{digest}")


async def run_build(engine: Engine, order: Order) -> AsyncGenerator[BuildEvent, None]:
    """Build and publish one image, telling the story as it goes; `BuildFailed` ends it."""
    if order.repeated and (digest := await _already_pushed(engine, order)):
        yield Said("This build was pushed before its builder was lost; nothing to repeat.")
        yield order.published(digest)
        return
    try:
        instructions = read_dockerfile(order.request.dockerfile)
    except DockerfileRefused as refused:
        kind = BuildFailure.DOCKERFILE_REFUSED
        raise BuildFailed(kind, refused.message, refused.line) from refused
    async with aclosing(_build(engine, order, instructions)) as events:
        async for event in events:
            yield event
    yield PushBegan()
    async with aclosing(_push(engine, order)) as events:
        async for event in events:
            yield event


async def _already_pushed(engine: Engine, order: Order) -> str | None:
    try:
        return await engine.digest(order.repository, order.tag)
    except NotThere:
        return None
    except EngineError:
        return None  # the build itself will say what is wrong with the engine


@dataclass
class _Listener:
    """Follows the engine's output: which step it is at, and what that step said last."""

    instructions: tuple[Instruction, ...]
    current: Instruction | None = None
    output: deque[str] = field(default_factory=lambda: deque(maxlen=_KEPT_OUTPUT))
    _in_our_label: bool = False

    def hear(self, line: str) -> Iterator[BuildEvent]:
        """The events in one line."""
        number, total = step_of(line), len(self.instructions)
        if number:
            self._in_our_label = number > total
        elif line.startswith("Successfully "):
            self._in_our_label = False
        if self._in_our_label:
            return
        if number:
            self.current = self.instructions[number - 1]
            self.output.clear()
            yield StepBegan(number, self.current.text)
            yield Said(with_total(line, total))
            return
        if line.strip() and not line.startswith(_ENGINE_WORDS):
            self.output.append(line)
        yield Said(line)


async def _build(
    engine: Engine, order: Order, instructions: tuple[Instruction, ...]
) -> AsyncGenerator[BuildEvent, None]:
    context = build_context(order.request.dockerfile, order.request.wrapper)
    pieces = engine.build(context, f"{order.repository}:{order.tag}", {LABEL: str(order.id)})
    lines, listener = LineAssembler(), _Listener(instructions)
    try:
        async with aclosing(pieces):
            async for piece in pieces:
                for line in lines.feed(piece):
                    for event in listener.hear(line):
                        yield event
    except EngineAway as away:
        raise BuildFailed(BuildFailure.ENGINE_REFUSED, str(away)) from away
    except EngineError as error:
        for line in (*lines.finish(), str(error)):
            yield Said(line)
        words = LastWords(str(error), listener.current, tuple(listener.output))
        raise explain(words) from error


async def _push(engine: Engine, order: Order) -> AsyncGenerator[BuildEvent, None]:
    lines = LineAssembler()
    try:
        story = engine.push(order.repository, order.tag)
        async with aclosing(story):
            async for part in story:
                match part:
                    case Pushed(digest):
                        yield Said(f"Pushed as {order.repository}@{digest}")
                        yield order.published(digest)
                    case str(piece):
                        for line in lines.feed(piece):
                            yield Said(line)
    except EngineError as error:
        yield Said(str(error))
        raise BuildFailed(BuildFailure.PUSH_FAILED, str(error)) from error
