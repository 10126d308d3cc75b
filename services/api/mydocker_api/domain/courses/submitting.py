"""When students may submit their work, and the names of archives of it. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from ..statuses import SessionState
from .opening import Slot

_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


class SubmissionState(StrEnum):
    """Whether work may be submitted now."""

    OPEN = "open"
    NOT_ALLOWED = "not_allowed"
    """The Course takes no submissions."""
    BETWEEN_SESSIONS = "between_sessions"
    """Only while a session runs, and none does."""
    OVER = "over"


def submission_state(
    *,
    allowed: bool,
    until: datetime | None,
    in_sessions: bool,
    slots: Sequence[Slot],
    now: datetime,
) -> SubmissionState:
    """Whether work may be submitted now; the end itself is too late."""
    if not allowed:
        return SubmissionState.NOT_ALLOWED
    if until is not None and now >= until:
        return SubmissionState.OVER
    if in_sessions and running_slot(slots, now) is None:
        is_coming = any(slot.state(now) is SessionState.UPCOMING for slot in slots)
        return SubmissionState.BETWEEN_SESSIONS if is_coming else SubmissionState.OVER
    return SubmissionState.OPEN


def running_slot(slots: Sequence[Slot], now: datetime) -> Slot | None:
    """The session that runs now; of several the one that ends last."""
    running = [slot for slot in slots if slot.state(now) is SessionState.RUNNING]
    return max(running, key=lambda slot: slot.ends_at, default=None)


def ends_at(
    until: datetime | None, *, in_sessions: bool, slots: Sequence[Slot], now: datetime
) -> datetime | None:
    """Until when it is open, while it is."""
    slot = running_slot(slots, now) if in_sessions else None
    moments = [moment for moment in (until, slot.ends_at if slot else None) if moment]
    return min(moments, default=None)


def sorting_name(name: str) -> str:
    """A person's name with the family name first, fit for a file name: `LOVELACE_Ada`.

    LMS send one name. Words in capitals are the family name, wherever they are; else the last word
    is.
    """
    parts = name.split()
    capitals = [part for part in parts if len(part) > 1 and part.isupper()]
    if not capitals or len(capitals) == len(parts):
        capitals = parts[-1:]
        others = parts[:-1]
    else:
        others = [part for part in parts if part not in capitals]
    return file_name("_".join([*capitals, *others])) or "_"


def file_name(text: str) -> str:
    """A text fit for a file name on every system: letters without Latin accents, digits, `._-`."""
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return _NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", plain)).strip("._-")[:80]


def moment_name(at: datetime) -> str:
    """A moment in a file name; it sorts. UTC."""
    return at.strftime("%Y-%m-%dT%H-%M-%SZ")
