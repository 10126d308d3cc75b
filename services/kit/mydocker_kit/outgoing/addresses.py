"""Addresses of servers of others: which may be called, and the origin of their pages."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit


@dataclass(frozen=True)
class AddressFlaw:
    """Why an address may not be called: a code to translate, and an English message."""

    code: str
    message: str


@dataclass(frozen=True)
class ForbiddenAddress:
    """An address of a platform that is not called, and how an operator may allow it.

    `code` is that of an `AddressFlaw`, or `address_private` for a name that resolves to a private
    address.
    """

    code: str
    url: str

    @property
    def home(self) -> str:
        """Scheme, host and port; the address itself, shortened, where it has none."""
        return origin(self.url) or self.url[:200]

    @property
    def named(self) -> str | None:
        """Host and port as `MYDOCKER_PRIVATE_PLATFORMS` takes them; None where that cannot help."""
        home = origin(self.url)
        if home is None or self.code != "address_private":
            return None
        host = home.partition("://")[2]
        return host.strip("[]") if host.endswith("]") else host


def address_flaw(url: str, *, allow_http: bool) -> AddressFlaw | None:
    """Why this address may not be called; None for https, and for http on loopback if allowed."""
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
    """The web origin as a browser writes it; None for anything but a web address."""
    parts = _split(address)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    if "@" in parts.netloc or not set(parts.netloc.lower()) <= _HOST_CHARACTERS:
        return None
    return f"{parts.scheme}://{parts.netloc.lower()}"


def normalized_origin(address: str) -> str | None:
    """The web origin without the default port, for comparisons."""
    web_origin = origin(address)
    if web_origin is None:
        return None
    scheme = web_origin.partition("://")[0]
    return web_origin.removesuffix(":443" if scheme == "https" else ":80")


_HOST_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-:[]_")
"""No character that could inject into a header; origins are written into the policy."""


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
