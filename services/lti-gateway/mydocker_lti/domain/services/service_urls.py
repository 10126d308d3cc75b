"""The service claims of a launch (AGS, NRPS), and the addresses built from them.

https://www.imsglobal.org/spec/lti-ags/v2p0 · https://www.imsglobal.org/spec/lti-nrps/v2p0
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from urllib.parse import urlencode, urlsplit, urlunsplit

_AGS = "https://purl.imsglobal.org/spec/lti-ags/"
_NRPS = "https://purl.imsglobal.org/spec/lti-nrps/"
GRADES_CLAIM = f"{_AGS}claim/endpoint"
ROSTER_CLAIM = f"{_NRPS}claim/namesroleservice"
_LONGEST = 2000
# Moodle writes curly quotes around `rel` and `&amp;` into its line item links.
_LINK = re.compile(r"<([^>]*)>([^<]*)")
_REL = re.compile(r"rel\s*=\s*[\"'“”]?\s*([a-zA-Z]+)")


class Scope(StrEnum):
    """OAuth 2 scopes of the LTI Advantage services."""

    LINE_ITEM = f"{_AGS}scope/lineitem"
    LINE_ITEM_READ = f"{_AGS}scope/lineitem.readonly"
    RESULT_READ = f"{_AGS}scope/result.readonly"
    SCORE = f"{_AGS}scope/score"
    ROSTER = f"{_NRPS}scope/contextmembership.readonly"


class Media(StrEnum):
    """Media types, sent alone: Moodle accepts neither lists nor `application/json`."""

    ROSTER = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
    LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
    LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
    SCORE = "application/vnd.ims.lis.v1.score+json"
    RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"


@dataclass(frozen=True)
class Offer:
    """Services that a launch offers; `scopes` alone decides what is allowed."""

    roster_url: str | None
    line_items_url: str | None
    line_item_url: str | None
    scopes: frozenset[Scope]

    @property
    def takes_scores(self) -> bool:
        return Scope.SCORE in self.scopes and bool(self.line_item_url or self.line_items_url)

    @property
    def makes_items(self) -> bool:
        return Scope.LINE_ITEM in self.scopes and self.line_items_url is not None

    @property
    def reading_items(self) -> Scope | None:
        """The scope to look for line items with."""
        if self.line_items_url is None:
            return None
        sufficient = (Scope.LINE_ITEM_READ, Scope.LINE_ITEM)
        return next((scope for scope in sufficient if scope in self.scopes), None)

    @property
    def reads_results(self) -> bool:
        return Scope.RESULT_READ in self.scopes


def offer_of(grades: object, roster: object) -> Offer:
    """The services in the AGS and NRPS claims; malformed values count as absent."""
    grades = grades if isinstance(grades, dict) else {}
    roster = roster if isinstance(roster, dict) else {}
    granted = grades.get("scope")
    granted = granted if isinstance(granted, list) else []
    versions = roster.get("service_versions", ["2.0"])
    is_supported = isinstance(versions, list) and "2.0" in versions
    return Offer(
        roster_url=_address(roster.get("context_memberships_url")) if is_supported else None,
        line_items_url=_address(grades.get("lineitems")),
        line_item_url=_address(grades.get("lineitem")),
        scopes=frozenset(scope for scope in Scope if scope in granted),
    )


def _address(value: object) -> str | None:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
        return None
    return value if value.isascii() and value.isprintable() and origin_of(value) else None


def origin_of(url: str) -> str | None:
    """The origin with its port; None for anything but a web address without a user."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    return f"{parts.scheme}://{parts.hostname}:{port}"


def below(url: str, name: str) -> str:
    """`url` with `/name` added to its path; Moodle's URLs have a query behind it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}", fragment=""))


def asking(url: str, **parameters: str) -> str:
    """`url` with these parameters added to its query."""
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(parameters)) if part)
    return urlunsplit(parts._replace(query=query, fragment=""))


def links_of(header: str) -> Mapping[str, str]:
    """The addresses in a Link header by relation; the first one of each."""
    links: dict[str, str] = {}
    for address, rest in _LINK.findall(header):
        if match := _REL.search(rest):
            links.setdefault(match[1].lower(), unescape(address.strip()))
    return links
