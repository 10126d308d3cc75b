"""When a Course may be started, by its sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ..statuses import SessionState


@dataclass(frozen=True)
class Slot:
    """The times and switches of a session."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    block_before_start: bool
    automatic_stop: bool
    extra_minutes: int = 0
    """Of one person, by which `ends_at` is later than the session's own end."""

    def state(self, now: datetime) -> SessionState:
        if now < self.starts_at:
            return SessionState.UPCOMING
        return SessionState.RUNNING if now < self.ends_at else SessionState.OVER


class Availability(StrEnum):
    """Whether a start is possible now."""

    OPEN = "open"
    NOT_YET = "not_yet"
    CLOSED = "closed"


@dataclass(frozen=True)
class Opening:
    """Whether a start is possible, when it will be, and which session it belongs to."""

    availability: Availability
    opens_at: datetime | None = None
    slot: Slot | None = None


def opening(slots: Sequence[Slot], now: datetime, *, is_editor: bool = False) -> Opening:
    """Whether the sessions permit a start now.

    A Course without any session is always open. Editors may always start; during a session
    theirs belongs to it as everybody's.
    """
    running = [slot for slot in slots if slot.state(now) is SessionState.RUNNING]
    if running:
        return Opening(Availability.OPEN, slot=max(running, key=lambda slot: slot.ends_at))
    if is_editor or not slots:
        return Opening(Availability.OPEN)
    coming = sorted(_coming(slots, now), key=lambda slot: slot.starts_at)
    early = next((slot for slot in coming if not slot.block_before_start), None)
    if early is not None:
        return Opening(Availability.OPEN, slot=early)
    if coming:
        return Opening(Availability.NOT_YET, opens_at=coming[0].starts_at)
    return Opening(Availability.CLOSED)


def shown_slot(slots: Sequence[Slot], now: datetime) -> Slot | None:
    """The running session, else the next one, else the last one."""
    running = [slot for slot in slots if slot.state(now) is SessionState.RUNNING]
    if running:
        return max(running, key=lambda slot: slot.ends_at)
    if coming := _coming(slots, now):
        return min(coming, key=lambda slot: slot.starts_at)
    return max(slots, key=lambda slot: slot.ends_at, default=None)


def end_of(slot: Slot | None) -> datetime | None:
    """When an Environment of this session is stopped; None for never."""
    return slot.ends_at if slot is not None and slot.automatic_stop else None


def slot_of_running(slots: Sequence[Slot], session_id: UUID | None, now: datetime) -> Slot | None:
    """The session that a running Environment belongs to after its Course's sessions changed.

    It stays with its own; when that is gone, or it had none, the one that runs now takes it.
    """
    own = next((slot for slot in slots if slot.id == session_id), None)
    if own is not None:
        return own
    running = [slot for slot in slots if slot.state(now) is SessionState.RUNNING]
    return max(running, key=lambda slot: slot.ends_at, default=None)


def _coming(slots: Sequence[Slot], now: datetime) -> list[Slot]:
    return [slot for slot in slots if slot.state(now) is SessionState.UPCOMING]
