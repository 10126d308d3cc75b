"""Effect of a platform's list of members (NRPS) on the roles that launches gave.

A list takes rights away and never gives any: those come with a launch, signed and by the person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from mydocker_kit.contracts.gateway.launches import ContextRole

_ORDER = tuple(ContextRole)
VOUCHED = timedelta(hours=24)
"""Moodle's administrators launch without being enrolled, and no list ever names them: whoever
was never listed keeps the role of a launch for a day."""
NEAR = timedelta(minutes=30)
WHILE_NEAR = timedelta(minutes=10)
DAILY = timedelta(hours=24)


class RosterState(StrEnum):
    """How far the list of members can be relied on."""

    NEVER = "never"
    KNOWN = "known"
    AWAY = "away"
    """The platform did not answer last time: what is shown is older."""
    NOT_OFFERED = "not_offered"


@dataclass(frozen=True)
class Held:
    """A role as the last launch gave it."""

    user_id: UUID
    subject: str
    role: ContextRole
    refreshed_at: datetime
    was_listed: bool


@dataclass(frozen=True)
class Withdrawn:
    """The role that is left; `NONE` when no enrolment is left."""

    user_id: UUID
    role: ContextRole


def withdrawals(
    held: Iterable[Held], listed: Mapping[str, ContextRole], fetched_at: datetime
) -> list[Withdrawn]:
    """Whose role goes or shrinks by this list.

    An empty list is a fault of the platform, not the end of a class; and a launch after the list
    was fetched knows better.
    """
    if not listed:
        return []
    changes = []
    for enrolment in held:
        if enrolment.refreshed_at >= fetched_at:
            continue
        left = listed.get(enrolment.subject, ContextRole.NONE)
        vouched = not enrolment.was_listed and fetched_at - enrolment.refreshed_at < VOUCHED
        if left is ContextRole.NONE and enrolment.subject not in listed and vouched:
            continue
        if _ORDER.index(left) > _ORDER.index(enrolment.role):
            changes.append(Withdrawn(enrolment.user_id, left))
    return changes


def due_before(now: datetime, *, near: bool) -> datetime:
    """Lists read before this moment are read again; often while a session is near."""
    return now - (WHILE_NEAR if near else DAILY)


def together(states: Iterable[RosterState]) -> RosterState:
    """The state of the lists of several course spaces together."""
    known = set(states)
    for state in (RosterState.AWAY, RosterState.KNOWN, RosterState.NOT_OFFERED):
        if state in known:
            return state
    return RosterState.NEVER
