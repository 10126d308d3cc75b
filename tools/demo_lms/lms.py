"""State of a running LMS, and helpers for its requests."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .campus import BY_SLUG, COURSE, Person
from .lti.launches import Launches
from .lti.signing import ToolKeys
from .settings import Settings
from .store import Store
from .texts import TEXTS, Language, language_of

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
            "Cache-Control": "no-store"}  # fmt: skip


class PageNotFound(Exception):
    """404: the page does not exist, or the person may not see it."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Lms:
    """One running LMS."""

    settings: Settings
    store: Store
    launches: Launches
    tool_keys: ToolKeys
    clock: Callable[[], datetime]

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        to_tool: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> "Lms":
        store = Store(settings.state)
        keys = ToolKeys(settings.tool_key_set_url, lambda id: _is_active(store, id), to_tool)
        return cls(settings, store, Launches(settings, store), keys, clock)


def _is_active(store: Store, client_id: str) -> bool:
    tool = store.tool(client_id)
    return tool is not None and tool.active


def lms_of(request: Request) -> Lms:
    lms: Lms = request.app.state.lms
    return lms


def person_of(slug: str) -> Person:
    if slug not in BY_SLUG:
        raise PageNotFound
    return BY_SLUG[slug]


def teacher_of(slug: str) -> Person:
    person = person_of(slug)
    if not person.is_teacher:
        raise PageNotFound
    return person


def language(request: Request) -> Language:
    """The language from the URL, else from the cookie, else from the browser."""
    preferred = request.query_params.get("lang") or request.cookies.get("lms_lang")
    return language_of(preferred, request.headers.get("Accept-Language", ""))


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    person: Person | None = None,
    framed: bool = False,
    **values: Any,
) -> HTMLResponse:
    """A page of the LMS. As in Moodle, only launch pages may be framed by other sites."""
    words = language(request)
    html = _TEMPLATES.get_template(template).render(
        t=TEXTS[words], lang=words, person=person, course=COURSE, path=request.url.path, **values
    )
    headers = _HEADERS if framed else {**_HEADERS, "X-Frame-Options": "sameorigin"}
    response = HTMLResponse(html, status, headers=headers)
    if request.query_params.get("lang"):
        response.set_cookie("lms_lang", words, samesite="lax", max_age=30 * 86400)
    return response


def self_posting(request: Request, action: str, fields: dict[str, str]) -> HTMLResponse:
    """A form that submits itself; a button without scripts."""
    return page(request, "post.html", framed=True, action=action, fields=fields)
