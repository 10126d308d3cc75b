"""Who belongs to a course space, as its platform says."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ..base import Contract
from ..values import Opaque
from .launches import ContextRole


class ContextKey(Contract):
    """A course space: its platform, the deployment there, its id there."""

    registration_id: UUID
    deployment_id: Annotated[str, Opaque(min_length=1, max_length=255)]
    context_id: Annotated[str, Opaque(max_length=255)]
    """Empty for links that belong to no course space."""


class Member(Contract):
    """One person of a course space; `subject` is who launches with this subject there."""

    subject: str
    role: ContextRole
    active: bool = True
    name: str | None = None
    email: str | None = None


class RosterPage(Contract):
    """One page of the members, in the order of their subjects."""

    items: list[Member]
    total: int
    page: int
    page_size: int
    fetched_at: datetime
    stale: bool = False
    """The platform does not answer; this is what it said last."""
