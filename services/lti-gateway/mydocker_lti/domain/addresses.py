"""Addresses of platforms: which ones we would ever call, and where pages come from."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit


@dataclass(frozen=True)
class AddressFlaw:
    """A code for the translated sentence, and the sentence in English."""

    code: str
    message: str


@dataclass(frozen=True)
class BarredAddress:
    """An address of a platform that is not called: why, and what an operator may write to allow it.

    `code` is that of a flaw, or `address_private` for a name that leads off the open internet.
    """

    code: str
    url: str

    @property
    def home(self) -> str:
        """Scheme, host and port; the whole address where it has none."""
        return origin(self.url) or self.url[:200]

    @property
    def named(self) -> str | None:
        """The host and its port, as `MYDOCKER_PRIVATE_PLATFORMS` takes them."""
        home = origin(self.url)
        if home is None or self.code != "address_private":
            return None
        host = home.partition("://")[2]
        return host.strip("[]") if host.endswith("]") else host


def address_flaw(url: str, *, allow_http: bool) -> AddressFlaw | None:
    """Why this address is not one to call; plain http only on this machine, when allowed."""
    parts = _split(url)
    if parts is None or not parts.hostname or not url.isascii() or not url.isprintable():
        return AddressFlaw("address_unreadable", f"{url[:200]} is no web address")
    if "@" in parts.netloc:
        return AddressFlaw("address_with_user", f"{url[:200]} names a user")
    if parts.scheme == "https" or (parts.scheme == "http" and allow_http and _is_here(parts)):
        return None
    return AddressFlaw(
        "address_not_https", f"{url} is neither https nor, with allow-http, on this machine"
    )


def origin(address: str) -> str | None:
    """Scheme, host and port as a browser writes them; None for what is no web address."""
    parts = _split(address)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    if "@" in parts.netloc or not set(parts.netloc.lower()) <= _HOST_CHARACTERS:
        return None
    return f"{parts.scheme}://{parts.netloc.lower()}"


def home_of(address: str) -> str | None:
    """Scheme, host and port, the default port left out."""
    found = origin(address)
    if found is None:
        return None
    scheme = found.partition("://")[0]
    return found.removesuffix(":443" if scheme == "https" else ":80")


_HOST_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-:[]_")
"""Nothing that could end the header an origin is written into."""


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return None
    return parts


def _is_here(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
