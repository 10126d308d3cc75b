"""May this request pass to an Environment, and where to? Decided from memory, for every request."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mydocker_kit.contracts.environments import ALIVE, EnvironmentStatus

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Refusal(StrEnum):
    """Why a request does not pass; each has a page."""

    UNKNOWN = "unknown"
    SIGN_IN = "sign_in"
    NOT_YOURS = "not_yours"
    FOREIGN_ORIGIN = "foreign_origin"
    STARTING = "starting"
    STOPPED = "stopped"
    NOT_KNOWN_YET = "not_known_yet"


@dataclass(frozen=True)
class Asked:
    """What matters of a request."""

    method: str
    origin: str | None
    is_websocket: bool


def upstream(
    status: EnvironmentStatus | None, user_id: UUID, port: int, *, loaded: bool
) -> str | Refusal:
    """Address of the port for its owner, or why there is none."""
    if status is None:
        return Refusal.STOPPED if loaded else Refusal.NOT_KNOWN_YET
    if status.owner_id != user_id:
        return Refusal.NOT_YOURS
    if status.phase not in ALIVE:
        return Refusal.STOPPED
    for address in status.addresses:
        if address.port == port:
            return f"{address.host}:{address.host_port}"
    return Refusal.STARTING


def comes_from_elsewhere(asked: Asked, own_origin: str) -> bool:
    """Whether a page of another origin makes the browser do this with our cookie.

    Environments are one site to the browser, so `SameSite` alone lets one student's page reach
    for another's: what opens a WebSocket or changes something must come from the same origin.
    """
    if asked.is_websocket:
        return asked.origin != own_origin
    return asked.method not in SAFE_METHODS and asked.origin not in (None, own_origin)
