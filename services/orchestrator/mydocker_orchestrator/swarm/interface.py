"""What the loops need of a Swarm; tests enter here with a quick and faulty one."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol
from uuid import UUID

from mydocker_kit.contracts.disks import DiskLook, DiskWalk
from mydocker_kit.contracts.environments import EnvironmentSpec
from mydocker_kit.docker_api import Mismatch

from ..domain.checks.port_diagnosis import Listener
from ..domain.lifecycle.failures import PostMortem
from ..domain.lifecycle.transitions import Environment
from ..domain.observed_state import Availability, Found, FoundNode, FoundService, FoundTask
from ..domain.placement.gpus import ANYWHERE, Place


class EngineError(Exception):
    """A call to the engine did not do what was asked."""


class EngineAway(EngineError):
    """The engine does not answer, or cannot now; trying again later is right."""


class EngineUnusable(EngineAway):
    """The engine speaks no API version of ours; the text says what to do."""

    def __init__(self, message: str, mismatch: Mismatch, engine: str) -> None:
        super().__init__(message)
        self.mismatch, self.engine = mismatch, engine


class EngineRefused(EngineError):
    """The engine answered no, and would again."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class AlreadyThere(EngineError):
    """A service of that name exists."""


class SwarmDoor(Protocol):
    """A Swarm, as far as Environments need one. Every call raises `EngineError`."""

    async def observe(self) -> Found:
        """Everything that carries our labels, in one batched look."""

    async def nodes(self) -> Sequence[FoundNode]:
        """All nodes and what is free on each."""

    async def create(self, id: UUID, spec: EnvironmentSpec, place: Place = ANYWHERE) -> None:
        """Make the service; `AlreadyThere` when its name is taken."""

    async def is_foreign(self, id: UUID) -> bool:
        """Whether the service that holds this Environment's name is none of ours."""

    async def change_node(
        self, id: str, availability: Availability | None = None, pool: str | None = None
    ) -> None:
        """Let a node do more or less, or put it into another pool; `EngineRefused` for no node."""

    async def refuse_node(self, id: str) -> None:
        """Put nothing more there until its checks pass again; what runs there goes on."""

    async def not_held(self, environment: Environment, task: FoundTask) -> tuple[str, ...] | None:
        """What differs from the profile in this container; None where nobody can say."""

    async def unwritable_folder(self, environment: Environment, task: FoundTask) -> str | None:
        """The path of a work folder that the container's user cannot write in, once every folder
        was handed over that can be; None where all are writable, or nobody can say."""

    async def disk(
        self, node_id: str, walk: DiskWalk, containers: Sequence[str]
    ) -> DiskLook | None:
        """What these containers wrote on that machine, in one go; None where nobody can say."""

    async def remove(self, service: FoundService) -> None:
        """Remove this very service; no error when it is gone already."""

    async def logs(self, id: UUID, lines: int) -> str:
        """The last lines of output."""

    async def post_mortem(self, id: UUID, task: FoundTask) -> PostMortem:
        """What there is to learn before the container is removed."""

    async def listeners(self, task: FoundTask) -> tuple[Listener, ...] | None:
        """The TCP sockets that listen in this container; None where nobody can say."""

    def events(self) -> AsyncIterator[str]:
        """A word for each thing that happened; ends with `EngineAway` when the line breaks."""

    async def aclose(self) -> None:
        """Close the connections."""
