"""Pages of LTI dynamic registration, opened by Moodle's *Add LTI Advantage*."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from mydocker_kit.web.dependencies import Now

from ...domain.entry_context import EntryContext
from ...domain.openid_configuration import MAIL, NAMES
from ...domain.refusals import EntryRefused, Reason
from ...web.deps import (
    CurrentEntry,
    Limits,
    client_address,
    database_errors_refused,
    form_parameters,
    parse_parameters,
)
from ...web.texts import language_of
from ..dynamic_registration import RegistrationRequest, SelfRegistration
from ..pages import closing_page, headers, offer_page

router = APIRouter(prefix="/lti", tags=["registration"])


async def _service(request: Request) -> SelfRegistration:
    service: SelfRegistration = request.app.state.self_registration
    return service


async def _limited(request: Request, limits: Limits, now: Now) -> None:
    if not limits.allows_login(client_address(request), now):
        raise EntryRefused(Reason.TOO_MANY_LAUNCHES)


Service = Annotated[SelfRegistration, Depends(_service)]


@router.get("/register", dependencies=[Depends(_limited)])
async def look(request: Request, service: Service, entry: CurrentEntry, now: Now) -> Response:
    """Preview. The platform adds its two parameters to the invitation's URL."""
    registration, _ = _read(parse_parameters(request.scope["query_string"]), entry)
    with database_errors_refused():
        offer = await service.preview(registration, now)
    return HTMLResponse(
        offer_page(registration, offer, _language(request)), headers=headers(registration)
    )


@router.post("/register", dependencies=[Depends(_limited)])
async def register(request: Request, service: Service, entry: CurrentEntry, now: Now) -> Response:
    """Register with the platform; an operator approves it afterwards."""
    registration, chosen = _read(await form_parameters(request), entry)
    claims = (*(NAMES if "names" in chosen else ()), *(MAIL if "mail" in chosen else ()))
    with database_errors_refused():
        result = await service.register(registration, claims, now)
    return HTMLResponse(
        closing_page(registration, result, _language(request)), headers=headers(registration)
    )


def _read(
    pairs: Sequence[tuple[str, str]], entry: EntryContext
) -> tuple[RegistrationRequest, set[str]]:
    """The parameters; the platform's page may frame a refusal though nothing is registered yet."""
    parameters = dict(pairs)
    registration = RegistrationRequest(
        invitation=parameters.get("invitation", ""),
        configuration=parameters.get("openid_configuration", ""),
        token=parameters.get("registration_token", ""),
    )
    if len(parameters) < len(pairs):
        raise EntryRefused(Reason.PARAMETER_REPEATED)
    entry.framers = [registration.page_origin] if registration.page_origin else []
    return registration, set(parameters)


def _language(request: Request) -> str:
    return language_of(request.headers.get("Accept-Language"))
