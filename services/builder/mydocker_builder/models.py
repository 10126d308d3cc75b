"""Tables: builds, and their logs as numbered chunks."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    Sequence,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from mydocker_kit.contracts.builder.builds import (
    ENDED,
    BuildFailure,
    BuildPhase,
    BuildRecipe,
    BuildRequest,
    BuildStatus,
    RootFinding,
)
from mydocker_kit.postgres.db import COLUMN_TYPES, table_metadata

_FINDINGS = TypeAdapter(tuple[RootFinding, ...])


class Base(DeclarativeBase):
    """Tables of the builder, in its own schema."""

    metadata = table_metadata("builder")
    type_annotation_map: ClassVar = COLUMN_TYPES


CHANGES = Sequence("changes", metadata=Base.metadata)
"""Numbers every change of every build; `Build.change` is the newest of a build."""


class Build(Base):
    """One attempt to make an Image; once pushed, immutable."""

    __tablename__ = "builds"
    __table_args__ = (
        UniqueConstraint("image_id", "number"),
        Index("ix_builds_change", "change"),
        Index("ix_builds_open", "queued_at", postgresql_where=text("ended_at IS NULL")),
        Index("ix_builds_author_id_started_at", "author_id", "started_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    image_id: Mapped[UUID]
    author_id: Mapped[UUID]
    number: Mapped[int]
    repository: Mapped[str]
    dockerfile: Mapped[str]
    wrapper: Mapped[str]
    context_digest: Mapped[str | None]
    use_cache: Mapped[bool] = mapped_column(server_default=text("true"))

    phase: Mapped[str]
    step: Mapped[int | None]
    steps: Mapped[int | None]
    instruction: Mapped[str | None]
    failure: Mapped[str | None]
    message: Mapped[str] = mapped_column(default="")
    line: Mapped[int | None]
    tag: Mapped[str | None]
    reference: Mapped[str | None]
    root_findings: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    layers: Mapped[int | None]
    queued_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    log_lines: Mapped[int] = mapped_column(default=0)
    change: Mapped[int] = mapped_column(BigInteger)

    attempt: Mapped[int] = mapped_column(default=0)
    """How often it was claimed."""
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    worker: Mapped[UUID | None]
    """The builder process that holds it now."""
    lease_ends_at: Mapped[datetime | None]

    @property
    def has_ended(self) -> bool:
        return BuildPhase(self.phase) in ENDED

    def request(self) -> BuildRequest:
        """The request behind this build."""
        return BuildRequest(
            image_id=self.image_id,
            author_id=self.author_id,
            number=self.number,
            repository=self.repository,
            dockerfile=self.dockerfile,
            wrapper=self.wrapper,
            context_digest=self.context_digest,
            use_cache=self.use_cache,
        )

    def status(self) -> BuildStatus:
        """Its status."""
        return BuildStatus(
            id=self.id,
            image_id=self.image_id,
            author_id=self.author_id,
            number=self.number,
            phase=BuildPhase(self.phase),
            step=self.step,
            steps=self.steps,
            instruction=self.instruction,
            failure=BuildFailure(self.failure) if self.failure else None,
            message=self.message,
            line=self.line,
            tag=self.tag,
            reference=self.reference,
            queued_at=self.queued_at,
            started_at=self.started_at,
            ended_at=self.ended_at,
            log_lines=self.log_lines,
            context_digest=self.context_digest,
            root_findings=_findings(self.root_findings),
            size_bytes=self.size_bytes,
            layers=self.layers,
        )

    def recipe(self) -> BuildRecipe:
        """What it was made of."""
        return BuildRecipe(
            id=self.id,
            number=self.number,
            dockerfile=self.dockerfile,
            wrapper=self.wrapper,
            context_digest=self.context_digest,
        )


def _findings(stored: list[dict[str, Any]] | None) -> tuple[RootFinding, ...] | None:
    return None if stored is None else _FINDINGS.validate_python(stored)


class BuildPackages(Base):
    """How much is known of what a published build contains."""

    __tablename__ = "inventories"

    build_id: Mapped[UUID] = mapped_column(
        ForeignKey("builder.builds.id", ondelete="CASCADE"), primary_key=True
    )
    state: Mapped[str]
    detail: Mapped[str]
    distribution: Mapped[str]
    packages: Mapped[int]
    """How many rows of `packages` it has."""
    read_at: Mapped[datetime]


class Package(Base):
    """A package of a published build."""

    __tablename__ = "packages"
    __table_args__ = (
        Index("ix_packages_build_id_name", "build_id", "name"),
        Index("ix_packages_name_version", "name", "version"),
        Index("ix_packages_source_version", "source", "version"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    build_id: Mapped[UUID] = mapped_column(ForeignKey("builder.builds.id", ondelete="CASCADE"))
    kind: Mapped[str]
    name: Mapped[str]
    version: Mapped[str]
    source: Mapped[str]


class LogChunk(Base):
    """Consecutive log lines `first` to `last` of a build, counted from 1."""

    __tablename__ = "log_chunks"

    build_id: Mapped[UUID] = mapped_column(
        ForeignKey("builder.builds.id", ondelete="CASCADE"), primary_key=True
    )
    first: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
    lines: Mapped[list[str]] = mapped_column(ARRAY(Text))
