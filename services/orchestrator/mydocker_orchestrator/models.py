"""Tables: environments (desired and observed state), pools, volumes, snapshots, claims."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Index, Sequence, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from mydocker_kit.postgres.db import COLUMN_TYPES, table_metadata

SCHEMA = "orchestrator"


class Base(DeclarativeBase):
    """Tables of the orchestrator, in its own schema."""

    metadata = table_metadata(SCHEMA)
    type_annotation_map: ClassVar = COLUMN_TYPES


VERSIONS = Sequence("environment_versions", metadata=Base.metadata, schema=SCHEMA)
"""Numbers every change of every environment, in commit order (`queries.lock_versions`)."""


class EnvironmentRow(Base):
    """Desired state above, observed state below; `version` rises with every change of either."""

    __tablename__ = "environments"
    __table_args__ = (
        Index(None, "version", unique=True),
        Index(None, "phase"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)

    owner_id: Mapped[UUID]
    course_id: Mapped[UUID]
    session_id: Mapped[UUID | None]
    attempt: Mapped[int]
    wanted: Mapped[str] = mapped_column(Text)
    spec: Mapped[dict[str, Any]]
    """The `EnvironmentSpec` without its credentials and arguments."""
    sealed_credentials: Mapped[str] = mapped_column(Text)
    ends_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(Text)
    lease_ends_at: Mapped[datetime | None]
    """The end of the lease after renewals."""
    asked_at: Mapped[datetime]

    phase: Mapped[str] = mapped_column(Text)
    step: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    node: Mapped[str | None] = mapped_column(Text)
    addresses: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    since: Mapped[datetime]
    running_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    """When this attempt was first ready; leases and the hard limit count from here."""
    restarts: Mapped[int] = mapped_column(server_default="0")
    restart_at: Mapped[datetime | None]
    last_logs: Mapped[str] = mapped_column(Text)
    folder: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The `FolderUse` of its work folder, as measured last; it stays over all attempts."""


class PoolRow(Base):
    """A group of alike nodes and its settings (`Pool` of the kit's contracts)."""

    __tablename__ = "pools"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    settings: Mapped[dict[str, Any]]
    """The whole `Pool`."""
    changed_at: Mapped[datetime]


class VolumeNodeRow(Base):
    """The node on whose disk a named volume is: recorded when a container first mounts it."""

    __tablename__ = "volume_nodes"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    node_id: Mapped[str | None] = mapped_column(Text)
    """None: only the name is known, from an environment that ran before this table was there."""
    node: Mapped[str] = mapped_column(Text)
    driver: Mapped[str] = mapped_column(Text, server_default="local")
    """Docker's volume driver that made it: a volume keeps its driver for ever."""
    recorded_at: Mapped[datetime]


class VolumeScanRow(Base):
    """A node whose volumes were listed, once: a released volume must not be recorded again."""

    __tablename__ = "volume_scans"

    node_id: Mapped[str] = mapped_column(Text, primary_key=True)
    scanned_at: Mapped[datetime]


class SnapshotRow(Base):
    """A copy of a work folder, in the store of the folder's machine: asked for, then taken."""

    __tablename__ = "snapshots"
    __table_args__ = (
        Index(None, "volume", "asked_at"),
        Index("ix_snapshots_pending", "asked_at", postgresql_where=text("state = 'pending'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    volume: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The `SnapshotContent`, once it is ready."""
    problem: Mapped[str | None] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(server_default="0")


class GpuClaimRow(Base):
    """A claimed GPU; the primary key excludes a second claim."""

    __tablename__ = "gpu_claims"
    __table_args__ = (Index(None, "environment_id"),)

    node_id: Mapped[str] = mapped_column(Text, primary_key=True)
    device: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    environment_id: Mapped[UUID]
    attempt: Mapped[int]
    claimed_at: Mapped[datetime]


class PortClaimRow(Base):
    """A claimed direct port: reserved on every node of its pool."""

    __tablename__ = "port_claims"
    __table_args__ = (Index(None, "environment_id"),)

    pool: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    port: Mapped[int]
    """Of the container."""
    environment_id: Mapped[UUID]
    attempt: Mapped[int]
    claimed_at: Mapped[datetime]


class PortCooldownRow(Base):
    """A direct port that something else on a node used: not given out before `until`."""

    __tablename__ = "port_rests"

    pool: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    until: Mapped[datetime]


class PoolScalingRow(Base):
    """How Terraform makes machines of a pool, the plan it follows, and its state."""

    __tablename__ = "pool_scaling"

    pool: Mapped[str] = mapped_column(Text, primary_key=True)
    settings: Mapped[dict[str, Any]]
    """The whole `PoolScaling`."""
    changed_at: Mapped[datetime]
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The `MachinePlan`; None: none came yet, so nothing is done."""
    sealed_state: Mapped[str | None] = mapped_column(Text)
    """Terraform's state, encrypted: it holds tokens, and perhaps credentials."""
    failures: Mapped[int] = mapped_column(server_default="0")
    retry_at: Mapped[datetime | None]


class MachineRow(Base):
    """A machine of a pool: written before it is made, and never deleted: it says what was paid."""

    __tablename__ = "machines"
    __table_args__ = (Index(None, "pool", "removed_at"),)

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    pool: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    ordered_at: Mapped[datetime]
    paid_from: Mapped[datetime | None]
    """The begin of the run that made it."""
    ready_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    hourly_price: Mapped[float]
    """When it was ordered."""
    problem: Mapped[str | None] = mapped_column(Text)
    failed_checks: Mapped[str] = mapped_column(Text, server_default="")
    """Of its last check; empty: passed, or not checked."""
    sealed_token: Mapped[str | None] = mapped_column(Text)
    token_digest: Mapped[str | None] = mapped_column(Text, unique=True)
    token_used_at: Mapped[datetime | None]


class MachineRunRow(Base):
    """One run of Terraform."""

    __tablename__ = "machine_runs"
    __table_args__ = (Index(None, "pool", "started_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pool: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(Text)
    adding: Mapped[list[str]] = mapped_column(JSONB)
    removing: Mapped[list[str]] = mapped_column(JSONB)
    reasons: Mapped[list[str]] = mapped_column(JSONB)
    problem: Mapped[str] = mapped_column(Text)
    hourly_price: Mapped[float]
    plan: Mapped[str] = mapped_column(Text)
    log: Mapped[str] = mapped_column(Text)
