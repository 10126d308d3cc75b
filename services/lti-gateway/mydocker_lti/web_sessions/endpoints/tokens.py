"""Ticket → tokens; refresh; sign out. Called by our own application in the browser."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from mydocker_kit.contracts.launches import Landing
from mydocker_kit.contracts.values import Opaque
from mydocker_kit.dependencies import Db, Now
from mydocker_kit.problems import responses

from ...keys.deps import Keys
from ...models import Ticket
from ...web import cookies
from ...web.deps import own_application
from ..entry_links import use_link
from ..schemas import Admitted, RefreshIn, admitted
from ..tickets import use_ticket
from ..tokens import (
    Entry,
    open_web_session,
    over,
    refresh_web_session,
)

router = APIRouter(prefix="/lti", tags=["tokens"])


class TicketIn(BaseModel):
    """The ticket from the address's fragment."""

    ticket: Annotated[str, Opaque(min_length=1, max_length=200)]
    storage_proof: Annotated[str, Opaque(max_length=200)] | None = None
    """What the platform's page kept, where no cookie is kept."""


class LinkIn(BaseModel):
    """The secret from the fragment of an operator's link."""

    link: Annotated[str, Opaque(min_length=1, max_length=200)]


@router.post("/tickets", responses=responses(401, 409, 422))
async def use(
    body: TicketIn, request: Request, response: Response, db: Db, keys: Keys, now: Now
) -> Admitted:
    """Exchange a ticket, once."""
    ticket = await use_ticket(db, body.ticket, request.cookies, body.storage_proof, now)
    previous = request.cookies.get(cookies.REFRESH)
    admission = await open_web_session(db, keys, _entry(ticket), previous, now)
    if ticket.cookie not in request.cookies:
        return admitted(response, admission, in_memory=True)
    response.headers.update(cookies.dropped(ticket.cookie))
    return admitted(response, admission)


@router.post(
    "/entry-links", dependencies=[Depends(own_application)], responses=responses(401, 403, 409)
)
async def use_entry_link(
    body: LinkIn, request: Request, response: Response, db: Db, keys: Keys, now: Now
) -> Admitted:
    """Enter by the link that `mydocker admin` printed, once."""
    entry = await use_link(db, body.link, now)
    previous = request.cookies.get(cookies.REFRESH)
    return admitted(response, await open_web_session(db, keys, entry, previous, now))


@router.post(
    "/tokens/refresh", dependencies=[Depends(own_application)], responses=responses(401, 403)
)
async def refresh(
    request: Request,
    response: Response,
    db: Db,
    keys: Keys,
    now: Now,
    body: RefreshIn | None = None,
) -> Admitted:
    """A new access token for this browser's web session."""
    asked = body or RefreshIn()
    token = asked.refresh_token or request.cookies.get(cookies.REFRESH)
    admission = await refresh_web_session(db, keys, token, asked.web_session_id, now)
    if admission is None:
        refusal = await over(db, asked.web_session_id)
        await db.commit()  # a reuse just ended the session: the refusal must not undo that
        raise refusal
    return admitted(response, admission, in_memory=asked.refresh_token is not None)


def _entry(ticket: Ticket) -> Entry:
    return Entry(
        user_id=ticket.user_id,
        landing=Landing.model_validate(ticket.landing),
        locale=ticket.locale,
        registration_id=ticket.registration_id,
        deployment_id=ticket.deployment_id,
        provider=ticket.provider,
        provider_session=ticket.provider_session,
        provider_subject=ticket.provider_subject,
    )
