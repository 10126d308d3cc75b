"""Extra time: minutes that a person has beyond the end of a session.

A grant is for one session or for all of a Course, and for one person or for everybody. Two kinds
add up: what everybody has, and what the person has. Of either kind a grant for the session stands
in place of the one for all sessions. All rules about sessions then see the person's own slots,
whose ends are later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil
from uuid import UUID

from .opening import Slot

MOST_MINUTES = 1440
"""Of one person in one session: a day."""
LONGEST = timedelta(minutes=MOST_MINUTES)


@dataclass(frozen=True)
class ExtraTime:
    """A grant, in minutes or as a share of the session."""

    session_id: UUID | None
    """None: every session of the Course."""
    user_id: UUID | None
    """None: everybody."""
    minutes: int = 0
    percent: int = 0


def minutes_of(grant: ExtraTime | None, slot: Slot) -> int:
    """What a grant gives in a session; a share is rounded up to whole minutes."""
    if grant is None:
        return 0
    # In whole seconds: a third of an hour must not become one minute more by rounding.
    seconds = int((slot.ends_at - slot.starts_at).total_seconds())
    return grant.minutes + ceil(seconds * grant.percent / 6000)


def extra_minutes(slot: Slot, grants: Iterable[ExtraTime], user_id: UUID) -> int:
    """What this person has beyond the end of the session, at most a day."""
    of_everybody = [grant for grant in grants if grant.user_id is None]
    own = [grant for grant in grants if grant.user_id == user_id]
    minutes = sum(minutes_of(_closest(kind, slot.id), slot) for kind in (of_everybody, own))
    return min(minutes, MOST_MINUTES)


def own_slots(slots: Iterable[Slot], grants: Sequence[ExtraTime], user_id: UUID) -> list[Slot]:
    """The sessions as they are for this person."""
    return [_longer(slot, extra_minutes(slot, grants, user_id)) for slot in slots]


def _closest(grants: Iterable[ExtraTime], session_id: UUID) -> ExtraTime | None:
    """The grant for the session, else the one for all sessions."""
    near = [grant for grant in grants if grant.session_id in (session_id, None)]
    return min(near, key=lambda grant: grant.session_id is None, default=None)


def _longer(slot: Slot, minutes: int) -> Slot:
    if not minutes:
        return slot
    ends_at = slot.ends_at + timedelta(minutes=minutes)
    return replace(slot, ends_at=ends_at, extra_minutes=minutes)


@dataclass(frozen=True)
class ExtraSummary:
    """Extra time in one session, whoever has it."""

    minutes: int
    """The most that one person has."""
    people: int
    """How many have more than everybody has."""


def summary(slot: Slot, grants: Sequence[ExtraTime]) -> ExtraSummary:
    """Extra time in this session, for its editors and the calendar."""
    owners = {
        grant.user_id for grant in grants if grant.user_id and grant.session_id in (slot.id, None)
    }
    of_people = [extra_minutes(slot, grants, owner) for owner in owners]
    general = [grant for grant in grants if grant.user_id is None]
    of_everybody = min(minutes_of(_closest(general, slot.id), slot), MOST_MINUTES)
    return ExtraSummary(max([of_everybody, *of_people]), len(owners))
