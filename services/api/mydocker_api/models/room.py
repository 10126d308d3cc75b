"""Visits and messages of teachers, which the student sees."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class EnvironmentVisit(Base):
    """A teacher opened a student's environment: the audit record, shown to the student."""

    __tablename__ = "environment_visits"
    __table_args__ = (Index("ix_environment_visits_of", "environment_id", "visited_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    environment_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.environments.id", ondelete="CASCADE")
    )
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("api.users.id", ondelete="CASCADE"))
    port: Mapped[int]
    visited_at: Mapped[datetime]


class RoomMessage(Base):
    """A teacher's message to one student of a Course, shown in the student's window.

    A message to the class is one row per student: who came later never reads what was said before,
    and a teacher of one course space never writes to another one.
    """

    __tablename__ = "room_messages"
    __table_args__ = (Index("ix_room_messages_to", "course_id", "user_id", "sent_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("api.courses.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("api.users.id", ondelete="CASCADE"))
    sender_id: Mapped[UUID] = mapped_column(ForeignKey("api.users.id", ondelete="CASCADE"))
    text: Mapped[str]
    sent_at: Mapped[datetime]
