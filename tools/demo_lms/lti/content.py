"""Content items of a deep linking response, parsed as Moodle does."""

import json
from typing import Any

from .launches import DEEP_LINKING

LONGEST_TITLE = 255
BEST_GRADE = 100


class GradeInvalid(Exception):
    """A grade column that the form refuses to save."""


def read_items(claims: dict[str, Any], launch_url: str) -> list[dict[str, Any]]:
    """The content items with the fields that the form uses."""
    items = claims.get(f"{DEEP_LINKING}content_items") or []
    return [_item(item, launch_url) for item in items if isinstance(item, dict)]


def _item(item: dict[str, Any], launch_url: str) -> dict[str, Any]:
    column = item.get("lineItem") or {}
    return {
        "title": str(item.get("title", ""))[:LONGEST_TITLE],
        "text": str(item.get("text", "")),
        "url": str(item.get("url") or launch_url),
        "custom": _custom(item.get("custom") or {}),
        "maximum": column.get("scoreMaximum"),
        "resource_id": str(column.get("resourceId", "")),
        "tag": str(column.get("tag", "")),
    }


def _custom(given: dict[str, Any]) -> dict[str, str]:
    """Custom parameters as text; a key with capitals is repeated in lower case, as in Moodle."""
    pairs: dict[str, str] = {}
    for key, value in given.items():
        text = _text(value)
        plain = "".join(sign if sign.isalnum() else "_" for sign in key.lower())
        pairs[plain] = text
        pairs[key] = text
    return pairs


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return "Array" if isinstance(value, list | dict) else str(value)


def from_form(text: str, title: str, description: str) -> list[dict[str, Any]]:
    """The items of the saved form; a single one takes the form's name and description."""
    parsed = json.loads(text)
    items = [_saved(item) for item in parsed if isinstance(item, dict)]
    if len(items) == 1:
        items[0]["title"] = title.strip()[:LONGEST_TITLE] or items[0]["title"]
        items[0]["text"] = description
        if not _is_gradable(items[0]["maximum"]):
            raise GradeInvalid
    for item in items:
        if not _is_gradable(item["maximum"]):
            item["maximum"] = None  # among several, Moodle saves it silently ungraded
    return items


def _saved(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": str(item["title"]),
        "text": str(item["text"]),
        "url": str(item["url"]),
        "custom": {str(key): str(value) for key, value in item["custom"].items()},
        "maximum": item.get("maximum"),
        "resource_id": str(item.get("resource_id", "")),
        "tag": str(item.get("tag", "")),
    }


def _is_gradable(maximum: object) -> bool:
    if maximum is None:
        return True
    whole = isinstance(maximum, int | float) and float(maximum).is_integer()
    return whole and 1 <= float(str(maximum)) <= BEST_GRADE
