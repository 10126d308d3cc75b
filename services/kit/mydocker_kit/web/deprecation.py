"""Operations that will be removed: marked in OpenAPI, and in each answer (RFC 9745, RFC 8594).

@router.get("/old", **deprecated(date(2027, 1, 15), sunset=date(2027, 9, 1), use="/api/new"))
"""

from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any

_HEADERS = "x-deprecation-headers"
Headers = list[tuple[bytes, bytes]]


def deprecated(since: date, *, sunset: date, use: str) -> dict[str, Any]:
    """Options of a route: deprecated since a day, removed at `sunset`, with what to use instead."""
    headers = {
        "Deprecation": f"@{int(_midnight(since).timestamp())}",
        "Sunset": format_datetime(_midnight(sunset), usegmt=True),
        "Link": f'<{use}>; rel="successor-version"',
    }
    return {"deprecated": True, "openapi_extra": {_HEADERS: headers}}


def headers_of(route: object) -> Headers:
    """The header fields of an answer of this route; none where it stays."""
    extra: dict[str, Any] = getattr(route, "openapi_extra", None) or {}
    fields: dict[str, str] = extra.get(_HEADERS, {})
    return [(name.lower().encode(), value.encode()) for name, value in fields.items()]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
