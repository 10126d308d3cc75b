"""An engine that does as the test says: for faults, and for speed."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from mydocker_builder.worker.engine import BuildLimits, Engine, ImageNotFound, Pushed
from mydocker_kit.docker.errors import EngineError

Part = str | float | Exception
"""Output, seconds of silence, or how it ends."""


@dataclass
class ScriptedEngine(Engine):
    """Builds by playing `script`; its registry is a dictionary."""

    script: list[Part] = field(default_factory=lambda: ["Step 1/1 : FROM debian:12\n"])
    push_fails: EngineError | None = None
    away: EngineError | None = None
    registry: dict[str, str] = field(default_factory=dict)
    contexts: list[bytes] = field(default_factory=list)
    image_user: str = ""
    running: Counter[str] = field(default_factory=Counter)
    order: list[str] = field(default_factory=list)
    """Tags in the order in which their builds began."""

    def __post_init__(self) -> None:
        super().__init__("unix:///scripted", BuildLimits(64, 1), None)

    async def ping(self) -> None:
        if self.away:
            raise self.away

    async def build(
        self, context: bytes, tag: str, labels: Mapping[str, str]
    ) -> AsyncGenerator[str, None]:
        self.contexts.append(context)
        self.order.append(tag)
        self.running[tag] += 1
        try:
            for part in self.script:
                match part:
                    case str():
                        yield part
                    case float():
                        await asyncio.sleep(part)
                    case Exception():
                        raise part
        finally:
            self.running[tag] -= 1

    async def push(self, repository: str, tag: str) -> AsyncGenerator[str | Pushed, None]:
        yield "layer: Pushed\n"
        if self.push_fails:
            raise self.push_fails
        name = f"{repository}:{tag}"
        self.registry[name] = "sha256:" + sha256(name.encode()).hexdigest()
        yield Pushed(self.registry[name])

    async def user(self, repository: str, tag: str) -> str:
        return self.image_user

    async def digest(self, repository: str, tag: str) -> str:
        found = self.registry.get(f"{repository}:{tag}")
        if found is None:
            raise ImageNotFound("manifest unknown")
        return found
