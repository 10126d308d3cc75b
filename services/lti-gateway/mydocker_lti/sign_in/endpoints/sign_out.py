"""Sign-out, and where the person is still signed in afterwards."""

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from mydocker_kit.dependencies import Db, Now

from ...web import cookies
from ...web.deps import own_application
from ...web_sessions.schemas import RefreshIn
from ...web_sessions.tokens import end_web_session
from ..deps import SignInService

router = APIRouter(prefix="/lti", tags=["tokens"])


class SignedOut(BaseModel):
    """What remains after signing out here."""

    course_space: bool
    """Came from an LMS, and is still signed in there."""
    provider: dict[str, str] | None
    """The provider's name by language, where the person signed in with one."""
    farewell: str | None
    """Where they end that as well, when it can be ended."""


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
