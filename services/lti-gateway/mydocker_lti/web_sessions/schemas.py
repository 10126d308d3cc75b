"""Request and response bodies shared by the endpoints that open or end a web session."""

from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel

from mydocker_kit.contracts.launches import Landing
from mydocker_kit.contracts.values import Opaque

from ..web import cookies
from .tokens import IDLE_LIFE, Admission


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
