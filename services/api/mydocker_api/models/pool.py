"""Pools as the orchestrator last reported them: starts work while it is unavailable.

`PoolSample` records every few minutes how much of a pool was used, for the past of the forecast.
"""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.base import Contract
from mydocker_kit.contracts.orchestrator.machines import ScalingSummary
from mydocker_kit.contracts.orchestrator.pools import Pool

from .base import Base, Json


class KnownMachine(Contract):
    """What a usable machine of a pool has, free or not."""

    cpu: float
    memory_mib: int
    gpus: int
    is_made: bool = False
    """Terraform made it, and may remove it."""


class KnownPool(Base):
    __tablename__ = "pools"

    name: Mapped[str] = mapped_column(primary_key=True)
    pool: Mapped[Pool] = mapped_column(Json(Pool))
    root_needs_approval: Mapped[bool] = mapped_column(server_default=text("false"))
    """No node of it remaps users, so that a build runs as root there only when approved."""
    machines: Mapped[tuple[KnownMachine, ...] | None] = mapped_column(
        Json(tuple[KnownMachine, ...])
    )
    """Usable ones; None: not observed yet."""
    scaling: Mapped[ScalingSummary | None] = mapped_column(Json(ScalingSummary))
    """None: Terraform makes no machines of it."""


class PoolSample(Base):
    """How much of a pool was used at one moment, beside what was planned for it."""

    __tablename__ = "pool_samples"

    pool: Mapped[str] = mapped_column(primary_key=True)
    """A name; the samples of a removed pool stay until they are old."""
    at: Mapped[datetime] = mapped_column(primary_key=True)
    environments: Mapped[int]
    """Starting or ready."""
    waiting: Mapped[int]
    """In the queue."""
    machines: Mapped[int]
    """Usable ones."""
    used_machines: Mapped[int]
    """How many of them the environments take, when packed."""
    planned_environments: Mapped[int]
    """Students of the sessions that held room then."""
    planned_machines: Mapped[int]
    """Machines that these take."""
