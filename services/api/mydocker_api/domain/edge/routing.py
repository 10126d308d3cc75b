"""May this request pass to an Environment, and where to? Decided from memory, for every request."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mydocker_kit.contracts.environments import ALIVE, Address, EnvironmentStatus, Phase

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Refusal(StrEnum):
    """Why a request does not pass; each has a page."""

    UNKNOWN = "unknown"
    SIGN_IN = "sign_in"
    NOT_YOURS = "not_yours"
    FOREIGN_ORIGIN = "foreign_origin"
    QUEUED = "queued"
    STARTING = "starting"
    STOPPED = "stopped"
    FAILED = "failed"
    NOT_KNOWN_YET = "not_known_yet"
    DATABASE_AWAY = "database_away"


ASLEEP = frozenset({Refusal.QUEUED, Refusal.STARTING, Refusal.STOPPED, Refusal.FAILED})
"""The visitor may pass and the Environment is not there: what they get is the waking page."""
RETRY_AFTER = {
    Refusal.NOT_KNOWN_YET: 2,
    Refusal.DATABASE_AWAY: 5,
    Refusal.STARTING: 2,
    Refusal.QUEUED: 10,
    Refusal.STOPPED: 30,
    Refusal.FAILED: 30,
}
"""Seconds after which asking again may be worth it, for programs."""


@dataclass(frozen=True)
class Desktop:
    """The port speaks VNC: the edge shows our page, and leads its socket to the bridge."""

    token: str
    """What the bridge believes; empty where only the page's files are asked for."""
    window: str
    """Where its owner starts the Environment."""


@dataclass(frozen=True)
class Stream:
    """A long-lived connection: the edge leads it through the bastion, which can end it."""

    token: str
    """What the bastion believes."""


@dataclass(frozen=True)
class Asked:
    """What matters of a request."""

    method: str
    origin: str | None
    is_websocket: bool
    fetch_site: str = ""
    """`Sec-Fetch-Site`: how the browser relates the page that asks to this host."""
    is_stream: bool = False
    """A WebSocket, another upgraded connection, or an event stream."""


def upstream(
    status: EnvironmentStatus | None, user_id: UUID, port: int, *, loaded: bool
) -> Address | Refusal:
    """Address of the port for its owner, or why there is none."""
    if status is None:
        return Refusal.STOPPED if loaded else Refusal.NOT_KNOWN_YET
    if status.owner_id != user_id:
        return Refusal.NOT_YOURS
    if status.phase not in ALIVE:
        return Refusal.FAILED if status.phase is Phase.FAILED else Refusal.STOPPED
    for address in status.addresses:
        if address.port == port:
            return address
    return Refusal.QUEUED if status.phase is Phase.QUEUED else Refusal.STARTING


def comes_from_elsewhere(asked: Asked, own_origin: str) -> bool:
    """Whether a page of another origin makes the browser do this with our cookie.

    Environments are one site to the browser, so `SameSite` alone lets one student's page reach
    for another's: what opens a WebSocket or changes something must come from the same origin.
    A page with `Referrer-Policy: no-referrer` posts its own forms with `Origin: null`, as sandboxed
    foreign pages do; the browser tells the two apart in `Sec-Fetch-Site`, which no page can set.
    """
    if asked.is_websocket:
        return asked.origin != own_origin
    if asked.method in SAFE_METHODS or asked.origin in (None, own_origin):
        return False
    return not (asked.origin == "null" and asked.fetch_site == "same-origin")


def wants_page(accept: str, *, is_websocket: bool) -> bool:
    """Whether a person looks at the answer, not a program of the page or a script."""
    return "text/html" in accept and not is_websocket
