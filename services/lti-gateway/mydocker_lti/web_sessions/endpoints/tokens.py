"""Tokens for the application in the browser: by ticket, by entry link, by refresh token."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from mydocker_kit.contracts.gateway.launches import Landing
from mydocker_kit.contracts.values import Opaque
from mydocker_kit.web.dependencies import Db, Now

from ...keys.deps import Keys
from ...models import Ticket
from ...web import cookies
from ...web.deps import require_own_application
from ..entry_links import use_link
from ..schemas import Admitted, RefreshIn, token_response
from ..tickets import use_ticket
from ..tokens import (
    Entry,
    ended_session_error,
    open_web_session,
    refresh_web_session,
)

router = APIRouter(prefix="/lti", tags=["tokens"])


class TicketIn(BaseModel):
    """The ticket from the URL fragment."""

    ticket: Annotated[str, Opaque(min_length=1, max_length=200)]
    storage_proof: Annotated[str, Opaque(max_length=200)] | None = None
    """Secret from the platform storage, where the browser blocks cookies."""


class LinkIn(BaseModel):
    """The secret from the URL fragment of an entry link."""

    link: Annotated[str, Opaque(min_length=1, max_length=200)]


@router.post("/tickets", operation_id="use_ticket")
async def use(
    body: TicketIn, request: Request, response: Response, db: Db, keys: Keys, now: Now
) -> Admitted:
    """Exchange a ticket for tokens, once."""
    ticket = await use_ticket(db, body.ticket, request.cookies, body.storage_proof, now)
    previous = request.cookies.get(cookies.REFRESH)
    admission = await open_web_session(db, keys, _entry(ticket), previous, now)
    if ticket.cookie not in request.cookies:
        return token_response(response, admission, in_memory=True)
    response.headers.update(cookies.clear_cookie(ticket.cookie))
    return token_response(response, admission)


@router.post(
    "/entry-links",
    operation_id="use_entry_link",
    dependencies=[Depends(require_own_application)],
)
async def use_entry_link(
    body: LinkIn, request: Request, response: Response, db: Db, keys: Keys, now: Now
) -> Admitted:
    """Exchange an entry link of `mydocker admin` for tokens, once."""
    entry = await use_link(db, body.link, now)
    previous = request.cookies.get(cookies.REFRESH)
    return token_response(response, await open_web_session(db, keys, entry, previous, now))


@router.post(
    "/tokens/refresh",
    operation_id="refresh_tokens",
    dependencies=[Depends(require_own_application)],
)
async def refresh(
    request: Request,
    response: Response,
    db: Db,
    keys: Keys,
    now: Now,
    body: RefreshIn | None = None,
) -> Admitted:
    """A new access token of this browser's web session."""
    refresh = body or RefreshIn()
    token = refresh.refresh_token or request.cookies.get(cookies.REFRESH)
    admission = await refresh_web_session(db, keys, token, refresh.web_session_id, now)
    if admission is None:
        error = await ended_session_error(db, refresh.web_session_id)
        await db.commit()  # raising would roll back a revocation after reuse
        raise error
    return token_response(response, admission, in_memory=refresh.refresh_token is not None)


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
