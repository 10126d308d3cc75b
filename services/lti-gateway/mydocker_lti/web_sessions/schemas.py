"""Request and response bodies shared by the endpoints that open or end a web session."""

from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel

from mydocker_kit.contracts.gateway.launches import Landing
from mydocker_kit.contracts.values import Opaque

from ..web import cookies
from .tokens import IDLE_LIFE, IssuedTokens


class RefreshIn(BaseModel):
    """The page's web session, if known: a refresh must not switch the page to another one."""

    web_session_id: UUID | None = None
    refresh_token: Annotated[str, Opaque(max_length=200)] | None = None
    """From a page that holds it in memory, because the browser blocks cookies."""


class Admitted(BaseModel):
    """Tokens of a web session; the page keeps them in memory only."""

    access_token: str
    expires_in: int
    landing: Landing
    locale: str | None
    web_session_id: UUID
    user_id: UUID
    """Pages of another user in this browser compare it and sign out."""
    refresh_token: str | None = None
    """Only where the browser blocks cookies; kept in memory like the access token."""


def token_response(
    response: Response, admission: IssuedTokens, *, in_memory: bool = False
) -> Admitted:
    """The response body; the refresh token goes into an HttpOnly cookie, or into the body."""
    response.headers["Cache-Control"] = "no-store"
    body = Admitted.model_validate(admission, from_attributes=True)
    if in_memory:
        return body
    if admission.refresh_token:
        seconds = int(IDLE_LIFE.total_seconds())
        cookie = cookies.set_cookie(cookies.REFRESH, admission.refresh_token, seconds)
        response.headers.append("Set-Cookie", cookie["Set-Cookie"])
    return body.model_copy(update={"refresh_token": None})
