"""Shares: the right that one person has to somebody else's Course or Image.

A share names an e-mail address of one platform. It belongs to nobody until somebody of that
platform arrives with that address; from then on it follows the account, whatever becomes of the
address.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ...domain.policy.sharing import ShareRight
from ..base import Base, closed


class Share(Base):
    __tablename__ = "shares"
    __table_args__ = (
        CheckConstraint("num_nonnulls(course_id, image_id) = 1", name="one_resource"),
        UniqueConstraint("course_id", "user_id"),
        UniqueConstraint("image_id", "user_id"),
        UniqueConstraint("course_id", "issuer", "email"),
        UniqueConstraint("image_id", "issuer", "email"),
        Index("ix_shares_issuer_email", "issuer", "email"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("api.courses.id", ondelete="CASCADE"))
    image_id: Mapped[UUID | None] = mapped_column(ForeignKey("api.images.id", ondelete="CASCADE"))
    right: Mapped[ShareRight] = mapped_column(closed(ShareRight))
    issuer: Mapped[str]
    """The platform whose word counts for the address."""
    email: Mapped[str]
    """In lower case."""
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("api.users.id", ondelete="CASCADE"), index=True
    )
    """Whose it is; empty: invited, never came."""
    shared_by: Mapped[UUID] = mapped_column(ForeignKey("api.users.id"))
    created_at: Mapped[datetime]
