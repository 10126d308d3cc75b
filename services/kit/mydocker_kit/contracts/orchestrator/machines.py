"""Machines that Terraform makes for a pool: settings, the plan they follow, runs and their logs."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError

from ..base import Contract
from ..values import Instant

MAX_VARIABLES = 50
_VARIABLE = r"^[a-zA-Z_][a-zA-Z0-9_-]{0,62}$"
RESERVED_VARIABLES = frozenset({"join_url", "names", "platform", "pool", "tokens"})
"""Variables of every module that the orchestrator sets itself."""

MIN_TOKEN, MAX_TOKEN = 20, 200
"""Characters of a one-time token."""
ModuleName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]


class PoolScaling(Contract):
    """How machines of a pool are made; how many there may be is in the growth of the pool."""

    enabled: bool = False
    """False: nothing is made or removed, and a run in progress is interrupted."""
    module: ModuleName
    """A Terraform module that the operator of the server installed."""
    variables: dict[
        Annotated[str, Field(pattern=_VARIABLE)], Annotated[str, Field(max_length=2000)]
    ] = Field(default_factory=dict, max_length=MAX_VARIABLES)
    """Variables of the module, such as image, flavour and region. Operators read them: credentials
    of the provider belong into the environment of the orchestrator."""
    keep_minutes: Annotated[int, Field(ge=0, le=10_080)] = 30
    """A machine that is needed again within this time is not removed."""
    join_minutes: Annotated[int, Field(ge=1, le=1440)] = 20
    """A machine that has not joined after this time is removed and made again."""
    demand_minutes: Annotated[int, Field(ge=0, le=1440)] | None = 5
    """Machines are also made for environments that wait longer than this; None: for sessions
    only."""

    @field_validator("variables")
    @classmethod
    def _not_reserved(cls, variables: dict[str, str]) -> dict[str, str]:
        if reserved := RESERVED_VARIABLES.intersection(variables):
            raise PydanticCustomError(
                "variable_reserved", "the orchestrator sets {name}", {"name": min(reserved)}
            )
        return variables


class MachineState(StrEnum):
    """The life of a machine."""

    ORDERED = "ordered"
    """Recorded, and not seen in Terraform's state yet."""
    MADE = "made"
    """In Terraform's state; it boots, joins and is checked."""
    READY = "ready"
    """In the Swarm, its checks passed: it takes environments."""
    LEAVING = "leaving"
    """It takes no new environments; it is removed once nobody uses it."""
    REMOVING = "removing"
    """Nobody uses it: the next run removes it."""
    REMOVED = "removed"


class MachineProblem(StrEnum):
    """What is wrong with a machine."""

    NEVER_JOINED = "never_joined"
    """It did not join the Swarm in time."""
    CHECKS_FAILED = "checks_failed"
    """Its checks did not pass, or its agent does not answer."""
    LOST = "lost"
    """The Swarm does not reach it any more."""


class Machine(Contract):
    """A machine that Terraform makes, as it is now."""

    name: str
    """Its host name, and its node's name in the Swarm."""
    state: MachineState
    since: datetime
    """When it came into this state."""
    ordered_at: datetime
    ready_at: datetime | None = None
    problem: MachineProblem | None = None
    environments: int = 0
    """That run or wait there."""
    folders: int = 0
    """Work folders on its disk: it is not removed before they are moved or deleted."""
    cost: float = 0
    """Since it was ordered."""


class RunOutcome(StrEnum):
    """How a run of Terraform ended."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    """Terraform ended with an error; what it did make is in its state."""
    INTERRUPTED = "interrupted"
    """Scaling was switched off, or the orchestrator ended."""
    REFUSED = "refused"
    """The plan of Terraform would have removed a machine that must stay; nothing was done."""


class RunSort(StrEnum):
    """Order of the runs."""

    NEWEST = "-started_at"
    OLDEST = "started_at"


class MachineRun(Contract):
    """One run of Terraform for a pool."""

    id: UUID
    started_at: datetime
    ended_at: datetime | None = None
    outcome: RunOutcome
    adding: tuple[str, ...]
    """Names of machines that were to be made."""
    removing: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    """Of the plan that asked for it: reasons of `MachineNeed`."""
    problem: str = ""
    """The error in the words of Terraform or of the provider."""
    hourly_price: float = 0
    """Of all machines of the pool that Terraform made, after the run."""


class MachineRunDetail(MachineRun):
    """The same with its texts."""

    plan: str = ""
    """Of Terraform, as text."""
    log: str = ""


class MachineNeed(Contract):
    """How many machines Terraform should have made in a stretch of time."""

    starts_at: Instant
    ends_at: Instant
    machines: Annotated[int, Field(ge=0, le=10_000)]
    reasons: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[a-z_]{1,30}$")], ...], Field(max_length=20)
    ] = ()


class MachinePlan(Contract):
    """The needs of a pool over time, computed from its sessions and its queue."""

    planned_at: Instant
    needs: Annotated[tuple[MachineNeed, ...], Field(max_length=5000)] = ()


class ScalingSummary(Contract):
    """What planning has to know of the machines of a pool."""

    pool: str
    enabled: bool
    machines: tuple[str, ...]
    """Names of all that are not removed."""
    present: int
    """Machines that were made or are being made, and do not leave."""
    spent: float
    """In this calendar month (UTC)."""
    keep_minutes: int
    demand_minutes: int | None


class ScalingState(Contract):
    """The machines that Terraform makes for a pool, and how that goes."""

    scaling: PoolScaling | None
    """None: machines are added by hand."""
    etag: str | None = None
    modules: tuple[str, ...]
    """Modules that are installed."""
    command: str
    """Terraform or OpenTofu, with its version; empty: neither is installed."""
    machines: tuple[Machine, ...] = ()
    """All that are not removed."""
    planned_at: datetime | None = None
    """When the plan that is followed was computed."""
    wanted: int = 0
    """Machines that the plan asks for now, lead time included."""
    spent: float = 0
    failures: int = 0
    """Runs that failed since the last one that did not."""
    retry_at: datetime | None = None


class MachineJoin(Contract):
    """What a new machine sends to join."""

    token: Annotated[SecretStr, Field(min_length=MIN_TOKEN, max_length=MAX_TOKEN)]


class JoinInvitation(Contract):
    """What a new machine needs to join the Swarm; given once for a token."""

    name: str
    manager: str
    """Address and port of a Swarm manager."""
    swarm_token: str
    """For workers."""
    settings: str
    """Settings of the machine's own programs (JSON), as `deploy.node invite` gives them; empty
    where the server has none."""
