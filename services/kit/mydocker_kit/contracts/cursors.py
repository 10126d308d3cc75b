"""The text of a cursor: the place in a list after which the next page begins.

A cursor holds the sort values of the last entry that was read, not a number of entries. So what is
created or removed before it moves nothing (keyset pagination). It also names the list and the
filters that it belongs to. It is not signed: it selects a place only, and the query applies rights
and filters anew; every value of it is checked before it reaches the database.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from .values import FIRST_YEAR, LAST_YEAR, is_storable

Value = None | bool | int | float | str | datetime | UUID
MOST_SIGNS = 6_000
"""Characters of a cursor at most; titles of 200 characters are part of some."""
_MOST_VALUES, _LARGEST = 8, 2**62


@dataclass(frozen=True)
class Cursor:
    """Where the next page begins, and how it counts and of which list it is."""

    page: int
    page_size: int
    scope: str
    after: tuple[Value, ...]

    def __str__(self) -> str:
        values = [_written(value) for value in self.after]
        text = json.dumps(
            [self.page, self.page_size, self.scope, *values],
            separators=(",", ":"),
            ensure_ascii=False,
        )
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """The cursor of this text; ValueError for any other text."""
    if len(text) > MOST_SIGNS or not text.isascii():
        raise ValueError("no cursor")
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        parts = json.loads(decoded)
    except (binascii.Error, RecursionError) as error:
        raise ValueError("no cursor") from error
    if not isinstance(parts, list) or not 4 <= len(parts) <= 3 + _MOST_VALUES:
        raise ValueError("no cursor")
    page, page_size, scope, *values = parts
    if not (_is_number(page) and _is_number(page_size) and isinstance(scope, str)):
        raise ValueError("no cursor")
    return Cursor(page, page_size, scope, tuple(_read(value) for value in values))


def scope_of(path: str, filters: Sequence[tuple[str, str]]) -> str:
    """A digest of the list and what narrows or sorts it."""
    text = json.dumps([path, *sorted(filters)])
    return base64.urlsafe_b64encode(sha256(text.encode()).digest()[:9]).decode()


def _written(value: Value) -> Any:
    match value:
        case datetime():
            return {"t": value.astimezone(UTC).isoformat()}
        case UUID():
            return {"u": value.hex}
    return value


def _read(value: Any) -> Value:
    match value:
        case None | bool():
            return value
        case int() | float() if -_LARGEST < value < _LARGEST:
            return value
        case str() if is_storable(value):
            return value
        case {"u": str(digits), **rest} if not rest:
            return UUID(hex=digits)
        case {"t": str(text), **rest} if not rest:
            return _instant(text)
    raise ValueError("no cursor")


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None or not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise ValueError("no cursor")
    return instant


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


Parameters = Mapping[str, str | int]
"""Query parameters by which one service asks another for a page."""
