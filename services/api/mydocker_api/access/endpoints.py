"""The edge asks for every request; and where a ticket becomes a cookie."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from mydocker_kit.db_errors import DatabaseUnavailable

from ..composition.services import Core
from ..deps import Now
from ..domain.edge.routing import ASLEEP, RETRY_AFTER, Desktop, Refusal, wants_page
from ..metrics import ROUTES
from .forward_auth import COOKIE, asked_in, held_in, is_websocket, upstream_headers
from .pages import SECURITY, STATE, STATUSES, page
from .port_tokens import COOKIE_LIFE
from .service import EdgeAuthorizer

router = APIRouter(prefix="/access", include_in_schema=False)
LARGEST_FORM = 8192
PATIENCE = 5.0
"""Seconds a request waits for the first news of environments."""
_NO_STORE = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language, Cookie"}


async def _authorizer(request: Request) -> EdgeAuthorizer:
    core: Core = request.app.state.services
    return EdgeAuthorizer.of(core)


Authorizer = Annotated[EdgeAuthorizer, Depends(_authorizer)]


@router.get("/route")
async def route(request: Request, authorizer: Authorizer, now: Now) -> Response:
    """200 with `X-Upstream` or `X-Desktop`, or why not. The doorkeeper has answered what is
    plain."""
    headers = dict(request.headers.raw)
    asked, held = asked_in(headers), held_in(headers.get(b"cookie", b""))
    host = request.headers.get("X-Forwarded-Host", "")
    found = authorizer.route(host, held, asked, now)
    # Just restarted: a moment's patience costs nobody an answer.
    if found is Refusal.NOT_KNOWN_YET and await authorizer.statuses.await_loaded(PATIENCE):
        found = authorizer.route(host, held, asked, now)
    if isinstance(found, Refusal):
        window = authorizer.window(held, now) if found in ASLEEP else None
        return _refused(request, found, window)
    ROUTES.labels("passed").inc()
    if isinstance(found, Desktop):
        return Response(headers={"X-Desktop": found.token or "page", "X-Window": found.window})
    named = {name.decode(): value.decode() for name, value in upstream_headers(found)}
    return Response(headers=named)


@router.post("/enter")
async def enter(request: Request, authorizer: Authorizer, now: Now) -> Response:
    """Turn a ticket into a cookie of this host alone, and go to its first page."""
    origin = request.headers.get("Origin")
    # `null` would be a page that hides where it is from, and enters somebody in a stranger's name.
    if origin not in (None, authorizer.settings.app_origin):
        return _refused(request, Refusal.FOREIGN_ORIGIN)
    ticket = await _field(request, "ticket")
    host = request.headers.get("X-Forwarded-Host") or request.headers.get("Host", "")
    try:
        made = await authorizer.enter(host, ticket, now)
    except DatabaseUnavailable:
        made = Refusal.DATABASE_AWAY
    if isinstance(made, Refusal):
        return _refused(request, made)
    response = RedirectResponse("/", 303, headers=_NO_STORE)
    response.set_cookie(
        COOKIE,
        made,
        max_age=int(COOKIE_LIFE.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )
    return response


async def _field(request: Request, name: str) -> str:
    """One field of a small form; empty when there is none."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            return ""
    return parse_qs(body.decode("latin-1")).get(name, [""])[0]


def _refused(request: Request, refusal: Refusal, window: str | None = None) -> Response:
    """A page for people, a problem for programs; with a state and a time to ask again."""
    ROUTES.labels(refusal).inc()
    status, given = STATUSES[refusal], request.headers
    headers = dict(_NO_STORE)
    if refusal in RETRY_AFTER:
        headers |= {"Retry-After": str(RETRY_AFTER[refusal]), STATE: refusal.value}
    if wants_page(given.get("Accept", ""), is_websocket=is_websocket(dict(given.raw))):
        text = page(refusal, given.get("Accept-Language", ""), window)
        return HTMLResponse(text, status, headers={**headers, "Content-Security-Policy": SECURITY})
    code = f"environment_{refusal}" if refusal in ASLEEP else f"access_{refusal}"
    problem = {"type": "about:blank", "title": code, "status": status, "code": code}
    return JSONResponse(problem, status, headers, "application/problem+json")
