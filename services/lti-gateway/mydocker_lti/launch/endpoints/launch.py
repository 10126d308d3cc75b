"""The authentication response of a platform: an id_token or an error."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from mydocker_kit.postgres.db import transaction
from mydocker_kit.web.dependencies import Now

from ...domain.refusals import EntryRefused, Reason
from ...web import framing
from ...web.deps import (
    CurrentEntry,
    Limits,
    Settings,
    client_address,
    database_errors_refused,
    form_parameters,
)
from ...web.texts import language_of
from ..browser_binding import Evidence, ProofNeeded
from ..launch import RESPONSE_FIELDS, Launches
from ..storage_pages import headers, prove_browser_page

router = APIRouter(prefix="/lti", tags=["launch"])


async def _launches(request: Request) -> Launches:
    launches: Launches = request.app.state.launches
    return launches


LaunchService = Annotated[Launches, Depends(_launches)]


@router.post("/launch", status_code=303)
async def launch(
    request: Request,
    launches: LaunchService,
    settings: Settings,
    limits: Limits,
    entry: CurrentEntry,
    now: Now,
) -> Response:
    """Verify the response; redirect to the application with a ticket."""
    if not limits.allows_response(client_address(request), now):
        raise EntryRefused(Reason.TOO_MANY_LAUNCHES)
    pairs = await form_parameters(request)
    evidence = Evidence(
        cookies=request.cookies,
        from_our_page=request.headers.get("Origin") == settings.app_origin,
        in_frame=request.headers.get("Sec-Fetch-Dest") != "document",
    )
    with database_errors_refused():
        try:
            accepted = await launches.accept(pairs, evidence, entry, now)
        except ProofNeeded as needed:
            return await _ask(request, pairs, needed)
    no_store = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(accepted.url, 303, headers=no_store)


async def _ask(
    request: Request, pairs: Sequence[tuple[str, str]], needed: ProofNeeded
) -> HTMLResponse:
    """The page that reads the platform storage and posts the same response again."""
    async with transaction(request.app.state.sessions) as db:
        origins = await framing.platform_origins(db)
    fields = {name: value for name, value in pairs if name in (*RESPONSE_FIELDS, "storage_access")}
    language = language_of(request.headers.get("Accept-Language"))
    page = prove_browser_page(fields, needed.storage, needed.origin, needed.again, language)
    return HTMLResponse(page, headers=headers(origins))


@router.get("/launch", status_code=405)
async def opened_directly() -> None:
    """A person opened the launch URL itself, for example from the browser's history."""
    raise EntryRefused(Reason.OPENED_DIRECTLY)
