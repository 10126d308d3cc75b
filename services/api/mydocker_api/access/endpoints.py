"""Authorization for the edge, and the exchange of a ticket for a cookie."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from mydocker_kit.postgres.db_errors import DatabaseUnavailable

from ..composition.services import Core
from ..deps import Now
from ..domain.edge.routing import NOT_RUNNING, RETRY_AFTER, Desktop, Refusal, local_path, wants_page
from ..metrics import ROUTES
from .forward_auth import COOKIE, cookie_in, is_websocket, request_facts, upstream_headers
from .pages import SECURITY, STATE, STATUSES, page
from .port_tokens import COOKIE_LIFE
from .service import EdgeAuthorizer

router = APIRouter(prefix="/access", include_in_schema=False)
LARGEST_FORM = 16_384
PATIENCE = 5.0
"""Seconds a request waits until the status cache is loaded, after a restart."""
_NO_STORE = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language, Cookie"}


async def _authorizer(request: Request) -> EdgeAuthorizer:
    core: Core = request.app.state.services
    return EdgeAuthorizer.of(core)


Authorizer = Annotated[EdgeAuthorizer, Depends(_authorizer)]


@router.get("/route")
async def route(request: Request, authorizer: Authorizer, now: Now) -> Response:
    """200 with `X-Upstream` or `X-Desktop`, or a refusal; `ForwardAuth` answers most requests."""
    headers = dict(request.headers.raw)
    asked, cookie = request_facts(headers), cookie_in(headers.get(b"cookie", b""))
    host = request.headers.get("X-Forwarded-Host", "")
    decision = authorizer.route(host, cookie, asked, now)
    if decision is Refusal.NOT_KNOWN_YET and await authorizer.statuses.await_loaded(PATIENCE):
        decision = authorizer.route(host, cookie, asked, now)
    if isinstance(decision, Refusal):
        window = authorizer.window(cookie, now) if decision in NOT_RUNNING else None
        return _refused(request, decision, window)
    ROUTES.labels("passed").inc()
    if isinstance(decision, Desktop):
        return Response(
            headers={"X-Desktop": decision.token or "page", "X-Window": decision.window}
        )
    named = {name.decode(): value.decode() for name, value in upstream_headers(decision)}
    return Response(headers=named)


@router.post("/enter")
async def enter(request: Request, authorizer: Authorizer, now: Now) -> Response:
    """Exchange a ticket for a cookie of this host alone, and redirect to its page `next`."""
    origin = request.headers.get("Origin")
    # `null` is a page that hides its origin: it could sign somebody in with a foreign ticket.
    if origin not in (None, authorizer.settings.app_origin):
        return _refused(request, Refusal.FOREIGN_ORIGIN)
    form = await _form(request)
    host = request.headers.get("X-Forwarded-Host") or request.headers.get("Host", "")
    try:
        value = await authorizer.enter(host, form.get("ticket", ""), now)
    except DatabaseUnavailable:
        value = Refusal.DATABASE_AWAY
    if isinstance(value, Refusal):
        return _refused(request, value)
    response = RedirectResponse(local_path(form.get("next", "/")), 303, headers=_NO_STORE)
    response.set_cookie(
        COOKIE,
        value,
        max_age=int(COOKIE_LIFE.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )
    return response


async def _form(request: Request) -> dict[str, str]:
    """The fields of a small form, the first of each name; none when it is too large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            return {}
    return {name: values[0] for name, values in parse_qs(body.decode("latin-1")).items()}


def _refused(request: Request, refusal: Refusal, window: str | None = None) -> Response:
    """A page for people, a problem for programs; `Retry-After` where waiting helps."""
    ROUTES.labels(refusal).inc()
    status, given = STATUSES[refusal], request.headers
    headers = dict(_NO_STORE)
    if refusal in RETRY_AFTER:
        headers |= {"Retry-After": str(RETRY_AFTER[refusal]), STATE: refusal.value}
    if wants_page(given.get("Accept", ""), is_websocket=is_websocket(dict(given.raw))):
        text = page(refusal, given.get("Accept-Language", ""), window)
        return HTMLResponse(text, status, headers={**headers, "Content-Security-Policy": SECURITY})
    code = f"environment_{refusal}" if refusal in NOT_RUNNING else f"access_{refusal}"
    problem = {"type": "about:blank", "title": code, "status": status, "code": code}
    return JSONResponse(problem, status, headers, "application/problem+json")
