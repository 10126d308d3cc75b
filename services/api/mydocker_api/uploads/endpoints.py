"""Uploads in parts: the core of tus 1.0.0 with its extensions creation and termination.

Reference: https://tus.io/protocols/resumable-upload
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from pydantic import Field

from mydocker_kit.errors import ProblemError

from ..deps import Config, CurrentPerson, Db, Now, SessionsOf
from ..idempotency.route import CreationRoute
from . import service

TUS = "1.0.0"
_CONTENT = "application/offset+octet-stream"
_PART = {
    "requestBody": {
        "description": "The bytes from `Upload-Offset` on",
        "content": {_CONTENT: {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""The body of a part: read as a stream, so FastAPI does not see it. It may be empty (tus)."""
router = APIRouter(
    route_class=CreationRoute,
    prefix="/api/uploads",
    tags=["images"],
)
Bytes = Annotated[int, Field(ge=0, le=2**40), Header()]


class UnsupportedUpload(ProblemError):
    """The part has another content type than tus says."""

    status, code, title = 415, "upload_unsupported", "Parts need the type of the tus protocol"


def _headers(response: Response, received: int, length: int) -> None:
    response.headers["Tus-Resumable"] = TUS
    response.headers["Upload-Offset"] = str(received)
    response.headers["Upload-Length"] = str(length)
    response.headers["Cache-Control"] = "no-store"


@router.post("", status_code=201)
async def create_upload(
    person: CurrentPerson,
    db: Db,
    settings: Config,
    now: Now,
    response: Response,
    upload_length: Bytes,
) -> None:
    """Begin an upload (tus); `Location` names it. Send its parts there with PATCH."""
    upload = await service.create(db, settings, person, upload_length, now)
    _headers(response, upload.received, upload.length)
    response.headers["Location"] = f"/api/uploads/{upload.id}"


@router.head("/{upload_id}")
async def get_upload(upload_id: UUID, person: CurrentPerson, db: Db, response: Response) -> None:
    """How much has arrived (tus): `Upload-Offset` of `Upload-Length`."""
    upload = await service.find(db, person, upload_id)
    _headers(response, upload.received, upload.length)


@router.patch("/{upload_id}", status_code=204, openapi_extra=_PART)
async def append_to_upload(
    upload_id: UUID,
    person: CurrentPerson,
    sessions: SessionsOf,
    request: Request,
    response: Response,
    upload_offset: Bytes,
    content_type: Annotated[str, Header()] = "",
) -> None:
    """Send the next part (tus), from `Upload-Offset` on."""
    if content_type != _CONTENT:
        raise UnsupportedUpload
    received = await service.append(sessions, person, upload_id, upload_offset, request.stream())
    response.headers["Tus-Resumable"] = TUS
    response.headers["Upload-Offset"] = str(received)


@router.delete("/{upload_id}", status_code=204)
async def discard_upload(upload_id: UUID, person: CurrentPerson, db: Db) -> None:
    """Give an upload up."""
    await service.discard(db, person, upload_id)
