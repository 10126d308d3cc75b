"""Account linking: proof of a second identity, and codes that open a tab outside the frame."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from mydocker_kit.contracts.gateway.sign_ins import AccountName
from mydocker_kit.contracts.values import Opaque
from mydocker_kit.web.dependencies import Db, Now, bearer

from ...domain.refusals import EntryRefused
from ...keys.deps import Keys
from ...models import WebSession
from ...web import cookies
from ...web.deps import Api, Limits, Settings, require_own_application
from ...web_sessions.schemas import Admitted, token_response
from ...web_sessions.tokens import open_web_session, signed_in_session
from ..account_linking import ProviderAway, check_recent, new_code, person_of_code, use_code
from ..deps import SignInService
from ..service import STATE_LIFE

router = APIRouter(
    prefix="/lti", tags=["linking"], dependencies=[Depends(require_own_application)],
)  # fmt: skip


class NextAddress(BaseModel):
    """The address that the browser goes to next."""

    url: str


class TabIn(BaseModel):
    """The tab code from the URL fragment."""

    code: Annotated[str, Opaque(min_length=1, max_length=200)]


async def _recent_session(
    request: Request, db: Db, keys: Keys, limits: Limits, now: Now
) -> WebSession:
    """The caller's web session; `ProofTooOld` or `TooManyLinks` if it is old or asks too often."""
    session = await signed_in_session(db, keys, bearer(request), now)
    limits.check_link(session.user_id, now)
    check_recent(session, now)
    return session


Recent = Annotated[WebSession, Depends(_recent_session)]


@router.post("/sign-in/{provider}/link", operation_id="begin_account_link")
async def begin_link(
    provider: str, session: Recent, response: Response, sign_ins: SignInService, now: Now
) -> NextAddress:
    """Start a sign-in whose identity is linked; the provider authenticates again."""
    try:
        to_provider = await sign_ins.begin(provider, None, now, web_session_id=session.id)
    except EntryRefused as refusal:
        raise ProviderAway(refusal.reason.value) from refusal
    seconds = int(STATE_LIFE.total_seconds())
    response.headers.update(cookies.set_cookie(to_provider.cookie, to_provider.browser, seconds))
    response.headers["Cache-Control"] = "no-store"
    return NextAddress(url=to_provider.url)


@router.post("/tabs", operation_id="open_tab")
async def open_tab(
    session: Recent, response: Response, db: Db, settings: Settings, now: Now
) -> NextAddress:
    """An address that opens my account in a new tab; works once, for a minute."""
    response.headers["Cache-Control"] = "no-store"
    return NextAddress(url=f"{settings.app_origin}/enter#tab={await new_code(db, session, now)}")


@router.post("/tabs/account", operation_id="get_account_of_tab")
async def account_of_tab(
    body: TabIn, response: Response, db: Db, api: Api, now: Now
) -> AccountName:
    """Name of the code's account; the page asks for consent, since others may send a code."""
    response.headers["Cache-Control"] = "no-store"
    return await api.account_name(await person_of_code(db, body.code, now))


@router.post("/tabs/enter", operation_id="enter_tab")
async def enter_tab(
    body: TabIn, request: Request, response: Response, db: Db, keys: Keys, now: Now
) -> Admitted:
    """Open a web session of the same person in this tab, after consent."""
    entry = await use_code(db, body.code, now)
    previous = request.cookies.get(cookies.REFRESH)
    return token_response(response, await open_web_session(db, keys, entry, previous, now))
