"""A person's request to erase what is stored about them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base, closed


class RequestState(StrEnum):
    """What became of a request."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ErasureRequest(Base):
    """One request; the newest of a person counts."""

    __tablename__ = "erasure_requests"
    __table_args__ = (Index(None, "state", "asked_at"), Index(None, "user_id", "asked_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("api.users.id", ondelete="CASCADE"))
    state: Mapped[RequestState] = mapped_column(closed(RequestState))
    words: Mapped[str]
    """Of the person; emptied when it is carried out."""
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    answer: Mapped[str]
    """The reason of a refusal."""
