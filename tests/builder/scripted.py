"""An engine that does as the test says: for faults, and for speed."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from mydocker_builder.domain.buildkit import BuildKitEvent, SolveFailed, Vertex, VertexOutput
from mydocker_builder.inventory.reading import Inventory
from mydocker_builder.worker.engine import (
    BuildSetup,
    Engine,
    ImageNotFound,
    ImageSize,
    Pushed,
    Sources,
)
from mydocker_kit.docker.errors import EngineError

Part = str | float | Exception
"""Output, seconds of silence, or how it ends. A line such as `[2/3] RUN make` starts a step."""
_STEP = re.compile(r"^\[\d+/\d+\] ")
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


@dataclass
class ScriptedEngine(Engine):
    """Builds by playing `script`; its registry is a dictionary."""

    script: list[Part] = field(default_factory=lambda: ["[1/1] FROM debian:12\n"])
    push_fails: EngineError | None = None
    away: EngineError | None = None
    registry: dict[str, str] = field(default_factory=dict)
    foreign: dict[str, str | float | Exception] = field(default_factory=dict)
    """What other registries answer for a reference: a digest, silence in seconds, or an error."""
    contexts: list[Sources] = field(default_factory=list)
    content: Inventory = field(default_factory=Inventory)
    image_user: str = ""
    image_size: ImageSize = field(default_factory=lambda: ImageSize(bytes=1, layers=1))
    running: Counter[str] = field(default_factory=Counter)
    order: list[str] = field(default_factory=list)
    """Tags in the order in which their builds began."""

    def __post_init__(self) -> None:
        super().__init__("unix:///scripted", BuildSetup("buildx", "{}", "/builds"), None)

    async def ping(self) -> None:
        if self.away:
            raise self.away

    async def build(self, sources: Sources) -> AsyncGenerator[BuildKitEvent, None]:
        tag = sources.tag
        self.contexts.append(sources)
        self.order.append(tag)
        self.running[tag] += 1
        try:
            vertex = Vertex("first", "[internal] load metadata for debian:12", NOON)
            for event in (vertex, *self._announced()):
                yield event
            for part in self.script:
                match part:
                    case str() if _STEP.match(part):
                        vertex = Vertex(part.rstrip(), part.rstrip(), NOON)
                        yield vertex
                    case str():
                        yield VertexOutput(vertex.digest, part.encode(), NOON)
                    case float():
                        await asyncio.sleep(part)
                    case SolveFailed():
                        yield Vertex(vertex.digest, vertex.name, NOON, error=part.error)
                        raise part
                    case Exception():
                        raise part
        finally:
            self.running[tag] -= 1

    def _announced(self) -> Iterator[Vertex]:
        """BuildKit names all steps before the first one starts."""
        for part in self.script:
            if isinstance(part, str) and _STEP.match(part):
                yield Vertex(part.rstrip(), part.rstrip())

    async def forget(self, tag: str) -> None:
        pass

    async def push(self, repository: str, tag: str) -> AsyncGenerator[str | Pushed, None]:
        yield "layer: Pushed\n"
        if self.push_fails:
            raise self.push_fails
        name = f"{repository}:{tag}"
        self.registry[name] = "sha256:" + sha256(name.encode()).hexdigest()
        yield Pushed(self.registry[name])

    async def size(self, tag: str) -> ImageSize:
        return self.image_size

    async def inventory(self, tag: str) -> Inventory:
        return self.content

    async def user(self, repository: str, tag: str) -> str:
        return self.image_user

    async def foreign_digest(self, reference: str) -> str:
        answer = self.foreign.get(reference, ImageNotFound("manifest unknown"))
        match answer:
            case Exception():
                raise answer
            case float():
                await asyncio.sleep(answer)
        return str(answer)

    async def digest(self, repository: str, tag: str) -> str:
        manifest = self.registry.get(f"{repository}:{tag}")
        if manifest is None:
            raise ImageNotFound("manifest unknown")
        return manifest
