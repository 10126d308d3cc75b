"""Web sessions that ended before their time, as the gateway tells the other services."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ..base import Contract


class SessionEnd(StrEnum):
    """Why a web session ended; an expired one is not announced."""

    SIGNED_OUT = "signed_out"
    REPLACED = "replaced"
    """Somebody else entered in the same browser."""
    REUSE = "reuse"
    """A refresh token came back long after it was spent: somebody copied it."""
    USER_DISABLED = "user_disabled"
    ACCOUNT_CHANGED = "account_changed"
    """An identity was unlinked, or the account was joined with another one."""
    PLATFORM_DISABLED = "platform_disabled"
    DEPLOYMENT_DISABLED = "deployment_disabled"


class EndedSession(Contract):
    """One web session that is over: its access token and what was made from it end with it."""

    number: int
    """Rises; readers follow from the highest they have."""
    web_session_id: UUID
    user_id: UUID
    reason: SessionEnd
    ended_at: datetime


class EndPerson(Contract):
    """All web sessions of a person are to end."""

    reason: SessionEnd
