"""The change log: what integrators learn of, in one order."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.events import ChangeKind

from ..base import Base, closed


class Change(Base):
    """A change, written in the transaction that makes it and numbered once that is committed."""

    __tablename__ = "changes"
    __table_args__ = (
        Index("ix_changes_unnumbered", "entry", postgresql_where=text("number IS NULL")),
        Index("ix_changes_subject_id", "subject_id", "entry"),
    )

    entry: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    """Order of writing. Transactions commit in another order: readers use `number`."""
    number: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    """Without gaps, in an order that never changes; None until the leader has seen it."""
    kind: Mapped[ChangeKind] = mapped_column(closed(ChangeKind))
    subject_id: Mapped[UUID]
    course_id: Mapped[UUID | None]
    owner_id: Mapped[UUID | None]
    state: Mapped[str | None]
    happened_at: Mapped[datetime]


class ChangeSource(Base):
    """How far the log has read the numbered changes of another service."""

    __tablename__ = "change_sources"

    name: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    began_at: Mapped[datetime]
    """What happened before is not recorded."""
