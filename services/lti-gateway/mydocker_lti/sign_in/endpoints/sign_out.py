"""Sign-out, and where the person is still signed in afterwards (LMS, provider)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from mydocker_kit.web.dependencies import Db, Now

from ...web import cookies
from ...web.deps import require_own_application
from ...web_sessions.schemas import RefreshIn
from ...web_sessions.tokens import end_web_session
from ..deps import SignInService

router = APIRouter(prefix="/lti", tags=["tokens"])


class SignedOut(BaseModel):
    """Sessions that remain elsewhere after the sign-out here."""

    course_space: bool
    """The person came from an LMS and is still signed in there."""
    provider: dict[str, str] | None
    """The provider's name by language, where the person signed in with one."""
    logout_url: Annotated[str | None, Field(serialization_alias="farewell")]
    """The provider's logout URL, if it has one."""


@router.post(
    "/tokens/revoke", operation_id="revoke_tokens", dependencies=[Depends(require_own_application)]
)
async def revoke(
    request: Request,
    response: Response,
    db: Db,
    sign_ins: SignInService,
    now: Now,
    body: RefreshIn | None = None,
) -> SignedOut:
    """End the web session; returns where the person is still signed in."""
    in_memory = body.refresh_token if body else None
    session = await end_web_session(db, in_memory or request.cookies.get(cookies.REFRESH), now)
    await db.commit()  # the session has ended even if the provider does not answer below
    response.headers.update(cookies.clear_cookie(cookies.REFRESH))
    provider = sign_ins.providers.get(session.provider or "") if session else None
    return SignedOut(
        course_space=session is not None and session.registration_id is not None,
        provider=dict(provider.titles) if provider else None,
        logout_url=await sign_ins.logout_url(session, now) if session and provider else None,
    )
