"""Authorization of a request to an Environment: its upstream, or a refusal."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import (
    ALIVE,
    Address,
    EnvironmentStatus,
    Phase,
)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Refusal(StrEnum):
    """Why a request is refused; each refusal has a page."""

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


NOT_RUNNING = frozenset({Refusal.QUEUED, Refusal.STARTING, Refusal.STOPPED, Refusal.FAILED})
"""The browser is authorized and the Environment does not run: the page polls until it does."""
RETRY_AFTER = {
    Refusal.NOT_KNOWN_YET: 2,
    Refusal.DATABASE_AWAY: 5,
    Refusal.STARTING: 2,
    Refusal.QUEUED: 10,
    Refusal.STOPPED: 30,
    Refusal.FAILED: 30,
}
"""Values of `Retry-After`, in seconds."""


@dataclass(frozen=True)
class Desktop:
    """A VNC port: the edge serves our page, and connects its WebSocket to the bridge."""

    token: str
    """Token for the bridge; empty for requests of the page's files."""
    window: str
    """The page where its owner starts the Environment."""


@dataclass(frozen=True)
class Stream:
    """A long-lived connection: the edge proxies it through the bastion, which can close it."""

    token: str
    """Token that the bastion checks."""


@dataclass(frozen=True)
class BrowserRequest:
    """The facts of a browser's request that decide."""

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


def is_cross_origin(request: BrowserRequest, own_origin: str) -> bool:
    """CSRF check: whether a page of another origin sends this request with our cookie.

    Environments are one site to the browser, so `SameSite` alone lets one student's page reach
    for another's: what opens a WebSocket or changes something must come from the same origin.
    A page with `Referrer-Policy: no-referrer` posts its own forms with `Origin: null`, as sandboxed
    foreign pages do; the browser tells the two apart in `Sec-Fetch-Site`, which no page can set.
    """
    if request.is_websocket:
        return request.origin != own_origin
    if request.method in SAFE_METHODS or request.origin in (None, own_origin):
        return False
    return not (request.origin == "null" and request.fetch_site == "same-origin")


LONGEST_PATH = 4000


def local_path(text: str) -> str:
    """A path of the same host, with its query; `/` for what could lead elsewhere.

    Browsers read `//host` and `/\\host` as another host, and drop tabs and line breaks first.
    """
    is_local = text.startswith("/") and not text.startswith(("//", "/\\"))
    is_plain = all(" " < character < "\x7f" for character in text)
    return text if is_local and is_plain and len(text) <= LONGEST_PATH else "/"


def wants_page(accept: str, *, is_websocket: bool) -> bool:
    """Whether the answer is shown as a page."""
    return "text/html" in accept and not is_websocket
