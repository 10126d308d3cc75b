"""Third-party initiated login (OIDC), by GET or POST."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from mydocker_kit.postgres.db import transaction
from mydocker_kit.web.dependencies import Now

from ...domain.entry_context import EntryContext
from ...domain.refusals import EntryRefused, Reason
from ...settings import GatewaySettings
from ...web import cookies, framing
from ...web.deps import (
    CurrentEntry,
    Limits,
    Settings,
    client_address,
    database_errors_refused,
    form_parameters,
    parse_parameters,
)
from ...web.limits import EntryLimits
from ...web.texts import language_of
from ..login import STATE_LIFE, Login, LoginRedirect, begin_login, parse_login
from ..storage_pages import headers, store_secret_page

router = APIRouter(prefix="/lti", tags=["launch"])


@router.get("/login", status_code=302)
async def begin_by_get(
    request: Request, settings: Settings, limits: Limits, entry: CurrentEntry, now: Now
) -> Response:
    """Start the login; the browser goes on to the platform."""
    pairs = parse_parameters(request.scope["query_string"])
    return await _begin(request, pairs, settings, limits, entry, now)


@router.post("/login", status_code=302)
async def begin_by_post(
    request: Request, settings: Settings, limits: Limits, entry: CurrentEntry, now: Now
) -> Response:
    """Start the login; Moodle always uses POST."""
    return await _begin(request, await form_parameters(request), settings, limits, entry, now)


async def _begin(
    request: Request,
    pairs: Sequence[tuple[str, str]],
    settings: GatewaySettings,
    limits: EntryLimits,
    entry: EntryContext,
    now: datetime,
) -> Response:
    if not limits.allows_login(client_address(request), now):
        raise EntryRefused(Reason.TOO_MANY_LAUNCHES)
    login = parse_login(pairs)
    if not limits.allows_person(_person(login), now):
        raise EntryRefused(Reason.TOO_MANY_LAUNCHES)
    with database_errors_refused():
        async with transaction(request.app.state.sessions) as db:
            redirect = await begin_login(db, login, settings.app_origin, entry, now)
            origins = await framing.platform_origins(db) if redirect.storage else []
    return _redirect(request, redirect, origins)


def _person(login: Login) -> str:
    return f"{login.issuer} {login.client_id} {login.login_hint}"[:600]


def _redirect(request: Request, redirect: LoginRedirect, origins: Sequence[str]) -> Response:
    """Redirect to the platform by GET; a form post would make Moodle post a second time.

    A platform with storage first gets the login secret from a page of ours, since it is not known
    yet whether the browser stores cookies.
    """
    seconds = int(STATE_LIFE.total_seconds())
    cookie = cookies.set_cookie(redirect.cookie, redirect.browser, seconds)
    if redirect.storage is None:
        return RedirectResponse(redirect.url, 302, headers={"Cache-Control": "no-store", **cookie})
    language = language_of(request.headers.get("Accept-Language"))
    page = store_secret_page(redirect.storage, redirect.browser, redirect.url, language)
    return HTMLResponse(page, headers={**headers(origins), **cookie})
