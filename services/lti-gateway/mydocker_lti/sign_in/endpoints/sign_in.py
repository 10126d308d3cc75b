"""Sign-in without an LMS: list of providers, start, callback, back-channel logout."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from mydocker_kit.contracts.values import Foreign
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.web.dependencies import Now

from ...domain.refusals import EntryRefused, Reason
from ...web import cookies
from ...web.deps import (
    CurrentEntry,
    Limits,
    Settings,
    client_address,
    database_errors_refused,
    form_parameters,
    parse_parameters,
)
from ..deps import SignInService
from ..service import STATE_LIFE, ProviderRedirect

log = get_logger()
router = APIRouter(prefix="/lti/sign-in", tags=["sign-in"])
_PAGE: dict[str, Any] = {
    "description": "A page that says what went wrong, with a reference",
    "content": {"text/html": {"schema": {"type": "string"}}},
}
PAGES: dict[int | str, dict[str, Any]] = {"4XX": _PAGE, "5XX": _PAGE}
"""Answers of steps that a browser takes as a navigation."""


class ProviderOut(BaseModel):
    """A sign-in provider."""

    id: str
    kind: Literal["openid", "cas"]
    title: dict[str, str]
    issuer: str
    """Links an identity on the account page to its provider."""


@router.get("/providers", operation_id="list_sign_in_providers")
async def providers(sign_ins: SignInService) -> list[ProviderOut]:
    """Configured providers; not paged, since an operator's file bounds the list."""
    return [
        ProviderOut(
            id=provider.id,
            kind=provider.kind,
            title=dict(provider.titles),
            issuer=provider.issuer,
        )
        for provider in sign_ins.providers.values()
    ]


async def _enters_by_sign_in(entry: CurrentEntry, settings: Settings) -> None:
    """A refusal offers the start of the sign-in, not the way back to a course."""
    entry.sign_in_url = f"{settings.app_origin}/sign-in"


@router.get(
    "/{provider}",
    operation_id="begin_sign_in",
    status_code=302,
    response_class=RedirectResponse,
    responses=PAGES,
    dependencies=[Depends(_enters_by_sign_in)],
)
async def begin(
    provider: str,
    request: Request,
    sign_ins: SignInService,
    limits: Limits,
    now: Now,
    to: Annotated[str | None, Foreign(max_length=1000), Query()] = None,
) -> Response:
    """Start the sign-in; `to` is the path in our application to open afterwards."""
    if not limits.allows_login(client_address(request), now):
        raise EntryRefused(Reason.TOO_MANY_LAUNCHES)
    with database_errors_refused():
        to_provider = await sign_ins.begin(provider, to, now)
    return redirect(to_provider)


@router.get(
    "/{provider}/callback",
    operation_id="finish_sign_in",
    status_code=303,
    response_class=RedirectResponse,
    responses=PAGES,
    dependencies=[Depends(_enters_by_sign_in)],
)
async def finish(provider: str, request: Request, sign_ins: SignInService, now: Now) -> Response:
    """Callback: verify the provider's response; redirect to the application with a ticket."""
    answer = _once(parse_parameters(request.scope["query_string"]))
    with database_errors_refused():
        url = await sign_ins.finish(provider, answer, request.cookies, now)
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(url, 303, headers=headers)


_UNVERIFIED: dict[int | str, dict[str, Any]] = {
    400: {"description": "The notice cannot be verified; nothing was ended"}
}


@router.post(
    "/{provider}/callback",
    operation_id="end_sessions_by_callback",
    response_class=Response,
    responses=_UNVERIFIED,
)
@router.post(
    "/{provider}/logged-out",
    operation_id="end_sessions_of_provider",
    response_class=Response,
    responses=_UNVERIFIED,
)
async def log_out(
    provider: str, request: Request, sign_ins: SignInService, limits: Limits, now: Now
) -> Response:
    """Back-channel logout: end the web sessions of a session that ended at the provider.

    CAS posts to the callback, OpenID Connect to its own address. The status does not reveal whether
    there was such a session.
    """
    if not limits.allows_login(client_address(request), now):
        return Response(status_code=429)
    try:
        parameters = _once(await form_parameters(request))
        await sign_ins.logged_out(provider, parameters, now)
    except EntryRefused as refusal:
        log.warning("log_out.refused", reason=refusal.reason.value, **refusal.facts)
        return Response(status_code=400, headers={"Cache-Control": "no-store"})
    return Response(status_code=200, headers={"Cache-Control": "no-store"})


def redirect(to_provider: ProviderRedirect) -> Response:
    """Redirect to the provider and set the cookie that binds the sign-in to this browser."""
    seconds = int(STATE_LIFE.total_seconds())
    cookie = cookies.set_cookie(to_provider.cookie, to_provider.browser, seconds)
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", **cookie}
    return RedirectResponse(to_provider.url, 302, headers=headers)


def _once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Parameters as a mapping; refuses repeated ones, where checks could see another value."""
    answer = dict(pairs)
    if len(answer) < len(pairs):
        raise EntryRefused(Reason.PARAMETER_REPEATED)
    return answer
