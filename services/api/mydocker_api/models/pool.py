"""Pools as the orchestrator last reported them: starts work while it is unavailable."""

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.pools import Pool

from .base import Base, Json


class KnownPool(Base):
    __tablename__ = "pools"

    name: Mapped[str] = mapped_column(primary_key=True)
    pool: Mapped[Pool] = mapped_column(Json(Pool))
    root_needs_approval: Mapped[bool] = mapped_column(server_default=text("false"))
    """No node of it remaps users, so that a build runs as root there only when approved."""
