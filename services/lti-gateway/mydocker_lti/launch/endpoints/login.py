"""Login initiation, by GET or POST."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from mydocker_kit.db import transaction
from mydocker_kit.dependencies import Now

from ...domain.entry_context import EntryContext
from ...domain.refusals import EntryRefused, Reason
from ...settings import GatewaySettings
from ...web import cookies, framing
from ...web.deps import (
    CurrentEntry,
    Limits,
    Settings,
    address_of,
    parsed_pairs,
    posted_pairs,
    readable,
)
from ...web.limits import EntryLimits
from ...web.texts import language_of
from ..login import STATE_LIFE, Departure, Login, begin_login, read_login
from ..storage_pages import headers, keeping_page

router = APIRouter(prefix="/lti", tags=["launch"])


@router.get("/login", status_code=302)
async def begin_by_get(
    request: Request, settings: Settings, limits: Limits, entry: CurrentEntry, now: Now
) -> Response:
    """Begin a launch."""
    pairs = parsed_pairs(request.scope["query_string"])
    return await _begin(request, pairs, settings, limits, entry, now)


@router.post("/login", status_code=302)
async def begin_by_post(
    request: Request, settings: Settings, limits: Limits, entry: CurrentEntry, now: Now
) -> Response:
    """Begin a launch; Moodle always posts."""
    return await _begin(request, await posted_pairs(request), settings, limits, entry, now)


async def _begin(
    request: Request,
    pairs: Sequence[tuple[str, str]],
    settings: GatewaySettings,
    limits: EntryLimits,
    entry: EntryContext,
    now: datetime,
) -> Response:
    if not limits.may_begin(address_of(request), now):
        raise EntryRefused(Reason.TOO_MANY_LAUNCHES)
    login = read_login(pairs)
    if not limits.may_launch(_person(login), now):
        raise EntryRefused(Reason.TOO_MANY_LAUNCHES)
    with readable():
        async with transaction(request.app.state.sessions) as db:
            departure = await begin_login(db, login, settings.app_origin, entry, now)
            origins = await framing.platform_origins(db) if departure.storage else []
    return _leave(request, departure, origins)


def _person(login: Login) -> str:
    return f"{login.issuer} {login.client_id} {login.login_hint}"[:600]


def _leave(request: Request, departure: Departure, origins: Sequence[str]) -> Response:
    """One hop by GET: a self-posting page makes Moodle post once more.

    A platform that keeps data for tools gets our secret first, by a page: whether cookies are kept
    is not known yet.
    """
    seconds = int(STATE_LIFE.total_seconds())
    cookie = cookies.kept(departure.cookie, departure.browser, seconds)
    if departure.storage is None:
        return RedirectResponse(departure.url, 302, headers={"Cache-Control": "no-store", **cookie})
    language = language_of(request.headers.get("Accept-Language"))
    page = keeping_page(departure.storage, departure.browser, departure.url, language)
    return HTMLResponse(page, headers={**headers(origins), **cookie})
