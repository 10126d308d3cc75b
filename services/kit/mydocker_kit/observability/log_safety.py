"""What a log event may hold: no secret, and at most 8 KB.

An exception is described by its type and by where it happened. Local variables are never written,
and the message only where it is known to repeat no value: a driver's message quotes parameters and
rows, a validation error its input, an HTTP error a whole address. A rendered event that is too
long is cut inside of its values, so that the line stays one JSON object; `cut_from` then says how
many bytes it had.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
from pydantic import ValidationError
from structlog.typing import EventDict, WrappedLogger

LARGEST_EVENT = 8192
"""Bytes of one event, its newline included."""
_FRAMES = 16
_CHAIN = 6
_FIELDS_SHOWN = 8
_MESSAGE = 500
_LIMITS = ((2000, 40), (600, 16), (200, 8), (60, 4))
"""Characters of a text and entries of a list: the first pair that makes the event fit is taken."""
_KEPT = ("event", "level", "timestamp", "service", "request_id", "logger")
"""What remains of an event that no pair makes fit."""
_SECRETS = (
    (re.compile(r"(?i)([a-z][a-z0-9+.-]{0,20}://)[^\s/?#@]*@"), r"\1…@"),  # user and password
    (re.compile(r"(?i)([a-z][a-z0-9+.-]{0,20}://[^\s?#'\"<>]*)[?#][^\s'\"<>]*"), r"\1?…"),
    (re.compile(r"\beyJ[\w-]+(\.[\w-]*)*"), "…"),  # JSON Web Tokens
    (re.compile(r"mydocker_pat_\w+"), "…"),  # API tokens
)


def describe(error: BaseException) -> str:
    """One line: the type of `error`, and of its message what repeats no value."""
    said = _said(error)
    return f"{_type_name(error)}: {said}" if said else _type_name(error)


def without_secrets(text: str) -> str:
    """`text` without tokens and without what addresses carry."""
    text = text[: 8 * _MESSAGE]  # looking through a megabyte would hold everybody up
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text[:_MESSAGE]


def describe_exceptions(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Processor: `exc_info` becomes `exception`, and exceptions among the values become text."""
    error = _given(event.pop("exc_info", None))
    for name, value in event.items():
        if isinstance(value, BaseException):
            event[name] = describe(value)
    if error is not None:
        event["exception"] = [_described(link) for link in _chain(error)]
    return event


def render(_: WrappedLogger, __: str, event: EventDict) -> str:
    """Last processor: the event as one line of JSON of at most `LARGEST_EVENT` bytes."""
    text = _json(event)
    size = len(text) + 1  # JSON is written in ASCII: characters are bytes
    if size <= LARGEST_EVENT:
        return text
    for characters, entries in _LIMITS:
        shorter = {name: _cut(value, characters, entries) for name, value in event.items()}
        text = _json({**shorter, "cut_from": size})
        if len(text) < LARGEST_EVENT:
            return text
    known = {name: _cut(event[name], *_LIMITS[-1]) for name in _KEPT if name in event}
    return _json({**known, "cut_from": size})


def _json(event: Any) -> str:
    try:
        return json.dumps(event, default=_other)
    except (TypeError, ValueError):  # keys that are no text, or a value inside of itself
        return json.dumps({"event": str(event.get("event")), "unreadable": sorted(map(str, event))})


def _other(value: object) -> str:
    return describe(value) if isinstance(value, BaseException) else str(value)


def _cut(value: Any, characters: int, entries: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= characters else f"{value[:characters]}…"
    if isinstance(value, dict):
        items = list(value.items())[:entries]
        return {str(key)[:characters]: _cut(inner, characters, entries) for key, inner in items}
    if isinstance(value, list | tuple | set | frozenset):
        # The end is kept: of a chain of frames the last ones tell where it happened.
        return [_cut(inner, characters, entries) for inner in list(value)[-entries:]]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _cut(_other(value), characters, entries)


def _given(exc_info: Any) -> BaseException | None:
    """Structlog and the standard library pass an exception, a triple, or True."""
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    if exc_info:
        return sys.exc_info()[1]
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, what a group holds, and what each was raised from; newest first."""
    seen: set[int] = set()
    waiting = [error]
    while waiting and len(seen) < _CHAIN:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
        before = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
        if before is not None:
            waiting.append(before)


def _described(error: BaseException) -> dict[str, Any]:
    said = _said(error)
    frames = list(_frames(error.__traceback__))[-_FRAMES:]
    return {"type": _type_name(error), **({"message": said} if said else {}), "frames": frames}


def _type_name(error: BaseException) -> str:
    kind = type(error)
    return (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        location = "/".join(Path(code.co_filename).parts[-3:])
        yield f"{location}:{traceback.tb_lineno} {code.co_name}"
        traceback = traceback.tb_next


def _said(error: BaseException) -> str:
    """What may be written of the message of `error`."""
    if isinstance(error, ValidationError):
        return _wrong_fields(error)
    if isinstance(error, httpx.HTTPError):
        return _request_of(error)
    if type(error).__module__.startswith("mydocker_") or isinstance(error, OSError):
        return without_secrets(_text(error))
    known = (("sqlstate", str), ("constraint_name", str), ("table_name", str), ("status", int))
    attributes = {name: getattr(error, name, None) for name, _ in known}
    return " ".join(
        f"{name}={attributes[name]}" for name, kind in known if isinstance(attributes[name], kind)
    )


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""


def _wrong_fields(error: ValidationError) -> str:
    wrong = error.errors(include_url=False, include_context=False, include_input=False)
    places = [f"{'.'.join(map(str, item['loc']))[:80]} ({item['type']})" for item in wrong]
    return f"{error.title}: {', '.join(places[:_FIELDS_SHOWN])}"


def _request_of(error: httpx.HTTPError) -> str:
    try:
        request = error.request
    except RuntimeError:  # raised before there was one
        return ""
    status = (
        f" answered {error.response.status_code}"
        if isinstance(error, httpx.HTTPStatusError)
        else ""
    )
    return (
        f"{request.method} {request.url.copy_with(query=None, fragment=None, userinfo=b'')}{status}"
    )
