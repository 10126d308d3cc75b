"""Sign-in without an LMS: which providers there are, off to one, back from it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from mydocker_kit.contracts.values import Foreign
from mydocker_kit.dependencies import Now
from mydocker_kit.logging import get_logger

from ...domain.refusals import EntryRefused, Reason
from ...web import cookies
from ...web.deps import (
    CurrentEntry,
    Limits,
    Settings,
    address_of,
    parsed_pairs,
    posted_pairs,
    readable,
)
from ..deps import SignInService
from ..service import STATE_LIFE, Departure

log = get_logger()
router = APIRouter(prefix="/lti/sign-in", tags=["sign-in"])


class ProviderOut(BaseModel):
    """One way in."""

    id: str
    kind: Literal["openid", "cas"]
    title: dict[str, str]
    issuer: str
    """By which an account page knows whose identity it shows."""


@router.get("/providers")
async def providers(sign_ins: SignInService) -> list[ProviderOut]:
    """Where people may sign in; the file of the operator bounds the list."""
    return [
        ProviderOut(id=one.id, kind=one.kind, title=dict(one.titles), issuer=one.issuer)
        for one in sign_ins.providers.values()
    ]


async def _enters_by_sign_in(entry: CurrentEntry, settings: Settings) -> None:
    """A refusal offers the start of the sign-in, not the way back to a course."""
    entry.sign_in_url = f"{settings.app_origin}/sign-in"


@router.get("/{provider}", status_code=302, dependencies=[Depends(_enters_by_sign_in)])
async def begin(
    provider: str,
    request: Request,
    sign_ins: SignInService,
    limits: Limits,
    now: Now,
    to: Annotated[str | None, Foreign(max_length=1000), Query()] = None,
) -> Response:
    """Off to the provider; `to` is where in our pages the person wants to go afterwards."""
    if not limits.may_begin(address_of(request), now):
        raise EntryRefused(Reason.TOO_MANY_LAUNCHES)
    with readable():
        departure = await sign_ins.begin(provider, to, now)
    return redirect(departure)


@router.get("/{provider}/callback", status_code=303, dependencies=[Depends(_enters_by_sign_in)])
async def finish(provider: str, request: Request, sign_ins: SignInService, now: Now) -> Response:
    """Back from the provider."""
    answer = _once(parsed_pairs(request.scope["query_string"]))
    with readable():
        url = await sign_ins.finish(provider, answer, request.cookies, now)
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(url, 303, headers=headers)


@router.post("/{provider}/callback")
@router.post("/{provider}/logged-out")
async def log_out(
    provider: str, request: Request, sign_ins: SignInService, limits: Limits, now: Now
) -> Response:
    """The provider's own server says that it ended somebody's session there.

    CAS says so where its tickets went; OpenID Connect at an address of its own. An answer tells
    nobody whether there was such a session.
    """
    if not limits.may_begin(address_of(request), now):
        return Response(status_code=429)
    try:
        said = _once(await posted_pairs(request))
        await sign_ins.logged_out(provider, said, now)
    except EntryRefused as refusal:
        log.warning("log_out.refused", reason=refusal.reason.value, **refusal.facts)
        return Response(status_code=400, headers={"Cache-Control": "no-store"})
    return Response(status_code=200, headers={"Cache-Control": "no-store"})


def redirect(departure: Departure) -> Response:
    """To the provider, with the cookie that recognises this browser on its way back."""
    seconds = int(STATE_LIFE.total_seconds())
    cookie = cookies.kept(departure.cookie, departure.browser, seconds)
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", **cookie}
    return RedirectResponse(departure.url, 302, headers=headers)


def _once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Each parameter at most once, or it is unclear which one was checked."""
    answer = dict(pairs)
    if len(answer) < len(pairs):
        raise EntryRefused(Reason.PARAMETER_REPEATED)
    return answer
