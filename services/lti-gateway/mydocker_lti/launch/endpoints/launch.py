"""The platform's answer: an id_token, or its error."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from mydocker_kit.db import transaction
from mydocker_kit.dependencies import Now

from ...domain.refusals import EntryRefused, Reason
from ...web import framing
from ...web.deps import CurrentEntry, Limits, Settings, address_of, posted_pairs, readable
from ...web.texts import language_of
from ..browser_binding import Evidence, ProofNeeded
from ..launch import ANSWER_FIELDS, Launches
from ..storage_pages import headers, proving_page

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
    """Check the answer and let the person in."""
    if not limits.may_answer(address_of(request), now):
        raise EntryRefused(Reason.TOO_MANY_LAUNCHES)
    pairs = await posted_pairs(request)
    evidence = Evidence(
        cookies=request.cookies,
        from_our_page=request.headers.get("Origin") == settings.app_origin,
        in_frame=request.headers.get("Sec-Fetch-Dest") != "document",
    )
    with readable():
        try:
            entrance = await launches.accept(pairs, evidence, entry, now)
        except ProofNeeded as needed:
            return await _ask(request, pairs, needed)
    kept = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(entrance.url, 303, headers=kept)


async def _ask(
    request: Request, pairs: Sequence[tuple[str, str]], needed: ProofNeeded
) -> HTMLResponse:
    """The page that asks the platform's page, and posts the same answer again."""
    async with transaction(request.app.state.sessions) as db:
        origins = await framing.platform_origins(db)
    fields = {name: value for name, value in pairs if name in (*ANSWER_FIELDS, "storage_access")}
    language = language_of(request.headers.get("Accept-Language"))
    page = proving_page(fields, needed.storage, needed.origin, needed.again, language)
    return HTMLResponse(page, headers=headers(origins))


@router.get("/launch", status_code=405)
async def opened_directly() -> None:
    """Somebody opened the address itself, from the history perhaps."""
    raise EntryRefused(Reason.OPENED_DIRECTLY)
