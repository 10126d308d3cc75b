"""Image projects and the numbers of their Builds; the builder stores the rest."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.environments import Port, Profile

from .base import Base, Json, closed


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
    last_number: Mapped[int]
    """Number of the newest Build asked for."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Build(Base):
    """A requested Build; the builder keeps its state."""

    __tablename__ = "builds"
    __table_args__ = (UniqueConstraint("image_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    image_id: Mapped[UUID] = mapped_column(ForeignKey(Image.id, ondelete="CASCADE"))
    number: Mapped[int]
    asked_at: Mapped[datetime]
