"""Image projects and the numbers of their Builds; the builder stores the rest."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.orchestrator.environments import Port, Profile

from ...domain.policy.visibility import Visibility
from ..base import Base, Json, closed


class Image(Base):
    __tablename__ = "images"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("api.users.id"), index=True)
    title: Mapped[str]
    description: Mapped[str]
    repository: Mapped[str]
    """Name in the registry; never changes, so that old references stay good."""
    dockerfile: Mapped[str]
    wrapper: Mapped[str]
    ports: Mapped[tuple[Port, ...]] = mapped_column(Json(tuple[Port, ...]))
    profile: Mapped[Profile] = mapped_column(closed(Profile))
    work_path: Mapped[str]
    context_digest: Mapped[str | None] = mapped_column(
        ForeignKey("api.build_contexts.digest"), index=True
    )
    """Its files; None: it has none."""
    last_number: Mapped[int]
    """Number of the newest Build asked for."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    updated_by: Mapped[UUID | None] = mapped_column(ForeignKey("api.users.id", ondelete="SET NULL"))
    """Who edited it last: several people may."""

    catalogue_entry: Mapped[str | None] = mapped_column(unique=True)
    """Of which entry of the catalogue it is the platform's own Image."""
    catalogue_version: Mapped[str | None]
    """`Recipe.version` of the newest Build asked for."""
    ready_build_id: Mapped[UUID | None]
    """The newest Build of a catalogue Image that succeeded: what new Courses run."""
    visibility: Mapped[Visibility] = mapped_column(
        closed(Visibility), default=Visibility.PRIVATE, server_default="private"
    )
    visibility_asked_at: Mapped[datetime | None]
    visibility_comment: Mapped[str] = mapped_column(default="", server_default="")
    """Why the owner asks."""
    visibility_decided_at: Mapped[datetime | None]
    visibility_decided_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("api.users.id", ondelete="SET NULL")
    )
    visibility_reason: Mapped[str] = mapped_column(default="", server_default="")
    """The operator's, for a refusal."""

    @property
    def is_public(self) -> bool:
        """Whether every teacher may use it."""
        return self.catalogue_entry is not None or self.visibility is Visibility.PUBLIC


class Build(Base):
    """A requested Build; the builder keeps its state."""

    __tablename__ = "builds"
    __table_args__ = (UniqueConstraint("image_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    image_id: Mapped[UUID] = mapped_column(ForeignKey(Image.id, ondelete="CASCADE"))
    number: Mapped[int]
    asked_at: Mapped[datetime]
    context_digest: Mapped[str | None] = mapped_column(index=True)
    """The files it was asked with; they may be collected later."""
