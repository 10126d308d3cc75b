"""Ticket → tokens; refresh; sign out. Called by our own application in the browser."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from mydocker_kit.contracts.launches import Landing
from mydocker_kit.contracts.values import Opaque
from mydocker_kit.dependencies import Db, Now
from mydocker_kit.problems import responses

from .. import cookies
from ..deps import Keys, SignInService
from ..entry_links import use_link
from ..models import Ticket
from ..tickets import use_ticket
from ..tokens import (
    IDLE_LIFE,
    Admission,
    Entry,
    ForeignRequest,
    end_web_session,
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


class RefreshIn(BaseModel):
    """Which web session the page belongs to, when it knows: it must not become another's."""

    web_session_id: UUID | None = None
    refresh_token: Annotated[str, Opaque(max_length=200)] | None = None
    """From a page that holds it in memory, because its browser keeps no cookie."""


class Admitted(BaseModel):
    """What the application works with; keep the token in memory only."""

    access_token: str
    expires_in: int
    landing: Landing
    locale: str | None
    web_session_id: UUID
    user_id: UUID
    """Other pages in this browser that are somebody else's end."""
    refresh_token: str | None = None
    """Only where no cookie is kept; to be held in memory like the access token."""


class SignedOut(BaseModel):
    """What remains after signing out here."""

    course_space: bool
    """Came from an LMS, and is still signed in there."""
    provider: dict[str, str] | None
    """The provider's name by language, where the person signed in with one."""
    farewell: str | None
    """Where they end that as well, when it can be ended."""


async def own_application(request: Request) -> None:
    """A header that no foreign page can send: it would need our leave (CORS), which nobody has."""
    if request.headers.get("X-MyDocker") != "1":
        raise ForeignRequest


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


@router.post("/tokens/revoke", dependencies=[Depends(own_application)])
async def revoke(
    request: Request,
    response: Response,
    db: Db,
    sign_ins: SignInService,
    now: Now,
    body: RefreshIn | None = None,
) -> SignedOut:
    """Sign out here, and say where the person is still signed in."""
    held = body.refresh_token if body else None
    session = await end_web_session(db, held or request.cookies.get(cookies.REFRESH), now)
    await db.commit()  # over here, whatever the provider says next
    response.headers.update(cookies.dropped(cookies.REFRESH))
    provider = sign_ins.providers.get(session.provider or "") if session else None
    return SignedOut(
        course_space=session is not None and session.registration_id is not None,
        provider=dict(provider.titles) if provider else None,
        farewell=await sign_ins.farewell(session, now) if session and provider else None,
    )


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


def admitted(response: Response, admission: Admission, *, in_memory: bool = False) -> Admitted:
    """The refresh token goes into a cookie that no script reads; without cookies, to the page."""
    response.headers["Cache-Control"] = "no-store"
    told = Admitted.model_validate(admission, from_attributes=True)
    if in_memory:
        return told
    if admission.refresh_token:
        seconds = int(IDLE_LIFE.total_seconds())
        cookie = cookies.kept(cookies.REFRESH, admission.refresh_token, seconds)
        response.headers.append("Set-Cookie", cookie["Set-Cookie"])
    return told.model_copy(update={"refresh_token": None})
