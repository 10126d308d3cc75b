"""Where a platform's *Add LTI Advantage* leads: look, register, be told what to do next."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from mydocker_kit.dependencies import Now

from ...domain.entry_context import EntryContext
from ...domain.openid_configuration import MAIL, NAMES
from ...domain.refusals import EntryRefused, Reason
from ...web.deps import CurrentEntry, Limits, address_of, parsed_pairs, posted_pairs, readable
from ...web.texts import language_of
from ..dynamic_registration import Asked, SelfRegistration
from ..pages import closing_page, headers, offer_page

router = APIRouter(prefix="/lti", tags=["registration"])


async def _service(request: Request) -> SelfRegistration:
    service: SelfRegistration = request.app.state.self_registration
    return service


async def _limited(request: Request, limits: Limits, now: Now) -> None:
    if not limits.may_begin(address_of(request), now):
        raise EntryRefused(Reason.TOO_MANY_LAUNCHES)


Service = Annotated[SelfRegistration, Depends(_service)]


@router.get("/register", dependencies=[Depends(_limited)])
async def look(request: Request, service: Service, entry: CurrentEntry, now: Now) -> Response:
    """What would be registered. The platform adds its two parameters to the invitation's one."""
    asked, _ = _read(parsed_pairs(request.scope["query_string"]), entry)
    with readable():
        offer = await service.look(asked, now)
    return HTMLResponse(offer_page(asked, offer, _language(request)), headers=headers(asked))


@router.post("/register", dependencies=[Depends(_limited)])
async def register(request: Request, service: Service, entry: CurrentEntry, now: Now) -> Response:
    """Register with the platform; an operator approves it afterwards."""
    asked, chosen = _read(await posted_pairs(request), entry)
    claims = (*(NAMES if "names" in chosen else ()), *(MAIL if "mail" in chosen else ()))
    with readable():
        joined = await service.register(asked, claims, now)
    return HTMLResponse(closing_page(asked, joined, _language(request)), headers=headers(asked))


def _read(pairs: Sequence[tuple[str, str]], entry: EntryContext) -> tuple[Asked, set[str]]:
    """The parameters; the platform's page may frame a refusal though nothing is registered yet."""
    said = dict(pairs)
    asked = Asked(
        invitation=said.get("invitation", ""),
        configuration=said.get("openid_configuration", ""),
        token=said.get("registration_token", ""),
    )
    if len(said) < len(pairs):
        raise EntryRefused(Reason.PARAMETER_REPEATED)
    entry.framers = [asked.framer] if asked.framer else []
    return asked, set(said)


def _language(request: Request) -> str:
    return language_of(request.headers.get("Accept-Language"))
