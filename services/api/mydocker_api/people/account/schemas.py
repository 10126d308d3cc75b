"""My account, as I see it."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel


class MyIdentity(BaseModel):
    """One way I come in."""

    id: UUID
    issuer: str
    """The LMS or the provider that vouches for me."""
    subject: str
    """My id there."""
    linked_at: datetime
    seen_at: datetime
    can: list[str]


class Account(BaseModel):
    """Who I am here, and how I come in."""

    name: str
    email: str | None
    identities: list[MyIdentity]


class Side(BaseModel):
    """One of two accounts that may become one."""

    name: str
    issuers: list[str]


class Moving(BaseModel):
    """What the other account brings along."""

    courses: int
    """Made by it."""
    images: int
    memberships: int
    """Courses it joined."""
    environments: int
    ssh_keys: int
    running: int
    """Of the environments; they are stopped, work is kept."""
    set_aside: list[str]
    """Courses in which both have an environment: mine stays, the other is set aside."""
    operates: bool
    may_build: bool


class LinkRequestShown(BaseModel):
    """What I proved a moment ago, and what joining would mean."""

    id: UUID
    expires_at: datetime
    mine: Side
    other: Side
    moving: Moving | None
    """Nothing when nobody ever came by the other identity."""
