"""Links of a student's window: a teacher's templates, made into addresses for one student.

A template is an address of one of four schemes in which placeholders stand for what differs from
student to student. Each value is escaped for the part of the address where its placeholder stands,
so that no value moves a link to another host or adds a parameter: host and port come from the
platform alone, name and password are percent-encoded everywhere, and a path that a join link
brought (`{{USER_REDIRECT}}`) keeps its slashes in a path and nowhere else.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import quote

Part = Literal["user", "host", "port", "path", "query", "fragment"]
Scheme = Literal["http", "https", "ssh", "vnc"]

_PLACEHOLDER = re.compile(r"\{\{\s*([A-Z_]+)(?:\['(\d{1,5})'\])?\s*\}\}")
_ADDRESS = re.compile(
    r"(?P<scheme>https?|ssh|vnc)://(?:(?P<user>[^/?#@]*)@)?(?P<host>[^/?#@:]+)"
    r"(?::(?P<port>[^/?#@:]+))?(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?"
)
_SCHEMES = re.compile(r"(?:https?|ssh|vnc)://", re.IGNORECASE)
_LITERAL = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
_HOST = re.compile(r"[A-Za-z0-9.-]*")
_PORT = re.compile(r"\d{0,5}")
_IN_PATH = "/!$&'()*+,;=:@~%"
_EVERYWHERE: frozenset[Part] = frozenset({"path", "query", "fragment"})
_PLACES: Mapping[str, frozenset[Part]] = {
    "IP": _EVERYWHERE | {"host"},
    "HOST": _EVERYWHERE | {"host"},
    "PORT": _EVERYWHERE | {"port"},
    "USERNAME": _EVERYWHERE | {"user"},
    "PASSWORD": _EVERYWHERE | {"user"},
    "USER_REDIRECT": _EVERYWHERE,
}
_OF_A_PORT = frozenset({"HOST", "PORT"})


class LinkRefused(ValueError):
    """Why a template is no link; `code` names its translated sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Placeholder:
    """One placeholder; `port` of those that are said of a port."""

    name: str
    port: int | None


@dataclass(frozen=True)
class Link:
    """A template, read."""

    scheme: Scheme
    parts: Mapping[Part, Sequence[str | Placeholder]]

    @property
    def placeholders(self) -> Iterator[Placeholder]:
        for pieces in self.parts.values():
            yield from (piece for piece in pieces if isinstance(piece, Placeholder))

    @property
    def page_port(self) -> int | None:
        """The port whose own page it opens: the host is exactly that port's."""
        host = self.parts["host"]
        match host:
            case (Placeholder("HOST", port),) if self.scheme in ("http", "https"):
                return port
        return None


@dataclass(frozen=True)
class LinkValues:
    """What the placeholders stand for, of one student's environment."""

    ip: str
    hosts: Mapping[int, str]
    """Of the ports that have an address."""
    ports: Mapping[int, int]
    username: str
    password: str
    user_redirect: str = ""
    """A path, with its query, that a join link brought; empty without one."""


@lru_cache(maxsize=512)
def parse(template: str) -> Link:
    """The link of a template; raises `LinkRefused`."""
    if not _SCHEMES.match(template):
        raise LinkRefused("link_scheme", "A link begins with http://, https://, ssh:// or vnc://")
    if not _LITERAL.fullmatch(_PLACEHOLDER.sub("", template)):
        raise LinkRefused("link_unreadable", "The link has characters that no address has")
    match = _ADDRESS.fullmatch(template)
    if match is None:
        raise LinkRefused("link_unreadable", "This is no address")
    parts = {name: _pieces(match[name] or "") for name in _ADDRESS.groupindex if name != "scheme"}
    link = Link(match["scheme"], parts)  # type: ignore[arg-type]
    for part, pieces in link.parts.items():
        for piece in pieces:
            _check(part, piece)
    return link


def _pieces(text: str) -> tuple[str | Placeholder, ...]:
    pieces: list[str | Placeholder] = []
    start = 0
    for match in _PLACEHOLDER.finditer(text):
        pieces.append(text[start : match.start()])
        pieces.append(Placeholder(match[1], int(match[2]) if match[2] else None))
        start = match.end()
    pieces.append(text[start:])
    return tuple(piece for piece in pieces if piece)


def _check(part: Part, piece: str | Placeholder) -> None:
    if isinstance(piece, str):
        allowed = {"host": _HOST, "port": _PORT}.get(part)
        if allowed and not allowed.fullmatch(piece):
            raise LinkRefused("link_unreadable", "This is no address")
        return
    places = _PLACES.get(piece.name)
    if places is None or (piece.port is not None) != (piece.name in _OF_A_PORT):
        raise LinkRefused("link_placeholder_unknown", f"There is no placeholder {piece.name}")
    if part not in places:
        raise LinkRefused("link_placeholder_misplaced", f"{piece.name} does not go there")


def unknown_ports(link: Link, ports: Sequence[int]) -> list[int]:
    """The ports that it names and that do not exist."""
    named = {piece.port for piece in link.placeholders if piece.port is not None}
    return sorted(named - set(ports))


def address(link: Link, values: LinkValues) -> str | None:
    """The whole address; None when a port that it names has none."""
    if any(
        piece.port is not None and piece.port not in values.hosts for piece in link.placeholders
    ):
        return None
    user = _filled(link, "user", values)
    port = _filled(link, "port", values)
    front = f"{user}@" if user else ""
    return (
        f"{link.scheme}://{front}{_filled(link, 'host', values)}"
        f"{':' + port if port else ''}{path_of(link, values)}"
    )


def path_of(link: Link, values: LinkValues) -> str:
    """Path, query and fragment alone."""
    path, query = _filled(link, "path", values), _filled(link, "query", values)
    fragment = _filled(link, "fragment", values)
    mark = "&" if "?" in path else "?"
    return path + (mark + query if query else "") + (f"#{fragment}" if fragment else "")


def _filled(link: Link, part: Part, values: LinkValues) -> str:
    return "".join(
        piece if isinstance(piece, str) else _escaped(piece, part, values)
        for piece in link.parts[part]
    )


def _escaped(piece: Placeholder, part: Part, values: LinkValues) -> str:
    if piece.name == "USER_REDIRECT" and part == "path":
        path, mark, query = values.user_redirect.lstrip("/").partition("?")
        return quote(path, safe=_IN_PATH) + mark + quote(query, safe=_IN_PATH + "?")
    value = _value(piece, values)
    return value if part in ("host", "port") else quote(value, safe="")


def _value(piece: Placeholder, values: LinkValues) -> str:
    match piece.name:
        case "IP":
            return values.ip
        case "HOST":
            return values.hosts[piece.port or 0]
        case "PORT":
            return str(values.ports[piece.port or 0])
        case "USERNAME":
            return values.username
        case "PASSWORD":
            return values.password
    return values.user_redirect
