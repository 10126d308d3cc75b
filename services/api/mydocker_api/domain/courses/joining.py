"""Whether a join link lets somebody in, and the form of its code."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ..statuses import CourseStatus

CODE_LENGTH = 8


class JoinRefusal(StrEnum):
    """Why a join link lets nobody in."""

    REVOKED = "revoked"
    EXPIRED = "expired"
    FULL = "full"
    COURSE_CLOSED = "course_closed"


@dataclass(frozen=True)
class JoinTerms:
    """What a link allows, and how many have joined the Course by links."""

    revoked: bool
    expires_at: datetime | None
    max_people: int | None
    joined: int
    status: CourseStatus


def join_refusal(terms: JoinTerms, now: datetime) -> JoinRefusal | None:
    """Why somebody new may not join; None when they may."""
    if terms.revoked:
        return JoinRefusal.REVOKED
    if terms.expires_at is not None and terms.expires_at <= now:
        return JoinRefusal.EXPIRED
    if terms.status is not CourseStatus.READY:
        return JoinRefusal.COURSE_CLOSED
    if terms.max_people is not None and terms.joined >= terms.max_people:
        return JoinRefusal.FULL
    return None


def normalized_code(text: str) -> str:
    """The code as stored: people type it in lower case, with hyphens and blanks."""
    return "".join(character for character in text.upper() if character.isalnum())


def shown_code(code: str) -> str:
    """The code as people read it aloud, such as `K7F3-9QD2`."""
    return f"{code[:4]}-{code[4:]}"
