"""Tables of the gateway. Secrets are stored as digests or encrypted."""

from .advantage import LineItem, QueuedScore, Roster, ServiceOffer
from .base import Base
from .keys import PlatformKeySet, SigningKey
from .launch import ContentRequest, LoginState
from .platforms import Deployment, Invitation, PlatformEvent, Registration
from .refusals import Refusal
from .sign_in import LinkCode, SignInState
from .web_sessions import END_NUMBERS, EntryLink, RefreshToken, Ticket, WebSession

__all__ = [
    "END_NUMBERS",
    "Base",
    "ContentRequest",
    "Deployment",
    "EntryLink",
    "Invitation",
    "LineItem",
    "LinkCode",
    "LoginState",
    "PlatformEvent",
    "PlatformKeySet",
    "QueuedScore",
    "RefreshToken",
    "Refusal",
    "Registration",
    "Roster",
    "ServiceOffer",
    "SignInState",
    "SigningKey",
    "Ticket",
    "WebSession",
]
