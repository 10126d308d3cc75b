"""The platform's answer: an id_token, or its error."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from mydocker_kit.dependencies import Now

from ..deps import LaunchService, posted_pairs, readable
from ..domain.refusals import EntryRefused, Reason

router = APIRouter(prefix="/lti", tags=["launch"])


@router.post("/launch", status_code=303)
async def launch(request: Request, launches: LaunchService, now: Now) -> Response:
    """Check the answer and let the person in."""
    pairs = await posted_pairs(request)
    with readable():
        entrance = await launches.accept(pairs, request.cookies, now)
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(entrance.url, 303, headers=headers)


@router.get("/launch", status_code=405)
async def opened_directly() -> None:
    """Somebody opened the address itself, from the history perhaps."""
    raise EntryRefused(Reason.OPENED_DIRECTLY)
