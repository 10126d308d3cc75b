"""A token by which a script calls the API for its owner."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base


class ApiToken(Base):
    """Only a digest of the token is kept (`domain/tokens/form.py`)."""

    __tablename__ = "api_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.users.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    ending: Mapped[str]
    """The last characters, by which lists name it."""
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    """To the minute."""
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]
    """The owner or an operator."""
