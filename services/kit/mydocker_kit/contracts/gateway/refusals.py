"""Entries that ended on a page: what an operator reads behind the reference a person was shown."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ..base import Contract, Page


class RefusalSort(StrEnum):
    """Order of the refused entries."""

    NEWEST = "-refused_at"
    OLDEST = "refused_at"


class RefusedEntry(Contract):
    """One refusal. Holds codes, ids and times; no token, no name."""

    reference: str
    reason: str
    refused_at: datetime
    registration_id: UUID | None = None
    platform: str | None = None
    """The platform's name, where it is known which one sent the person."""
    facts: dict[str, str | int | float | None]
    claims: dict[str, str | int | list[str]] | None = None
    """What the verified token said, redacted; None when it never came to a verified token."""


class RefusalPage(Page[RefusedEntry]):
    """A page of refused entries."""

    reasons: dict[str, int]
    """How often each reason is in the list as a whole."""
