"""A Course as a file: exported, looked at before an import, imported."""

import re
import unicodedata
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from ..auth.api_tokens import ApiToken, check_scope
from ..deps import Composed, CurrentPerson, Now, Token
from ..domain.tokens.scopes import Scope
from ..idempotency.route import CreationRoute
from ..planning.schemas import Zone
from ..work_files.endpoints import NEVER_SHOWN
from . import service
from .schemas import ImportCheck, ImportedCourse, ImportOrder, ImportQuestion

exports = APIRouter(prefix="/api/courses/{course_id}", tags=["courses"])
router = APIRouter(route_class=CreationRoute, prefix="/api/course-imports", tags=["courses"])


@exports.get("/export", response_class=StreamingResponse)
async def export_course(
    course_id: UUID,
    person: CurrentPerson,
    token: Token,
    services: Composed,
    now: Now,
    zone: Annotated[Zone, Query(description="Of the sessions' times of day.")] = "UTC",
) -> StreamingResponse:
    """A Course as a zip: settings, sessions without dates, and the recipe of its Image.

    The recipe is there for those who may use the Image; an API token needs `images:read`, too.
    """
    _check_images_scope(token, Scope.IMAGES_READ)
    title, archive = await service.export(services, person, course_id, zone, now)
    headers = NEVER_SHOWN | {"Content-Disposition": f'attachment; filename="{_file_name(title)}"'}
    return StreamingResponse(archive, media_type="application/zip", headers=headers)


@router.post("/check")
async def check_import(
    body: ImportQuestion, person: CurrentPerson, services: Composed, now: Now
) -> ImportCheck:
    """What an import of this upload would make, which titles are taken, what is not given here.

    Refused with 422 and a code that begins with `archive_` or `course_file_` when the file is
    hostile, damaged or holds no Course.
    """
    return await service.check(services, person, body.upload_id, now)


@router.post("", status_code=201)
async def import_course(
    body: ImportOrder, person: CurrentPerson, token: Token, services: Composed, now: Now
) -> ImportedCourse:
    """Make a draft of my own from an upload, and discard the upload.

    An API token needs `images:write`, too.
    """
    _check_images_scope(token, Scope.IMAGES_WRITE)
    return await service.import_course(services, person, body, now)


def _check_images_scope(token: Token, scope: Scope) -> None:
    if isinstance(token, ApiToken):
        check_scope(token, scope)


def _file_name(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return (re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:60] or "course") + ".course.zip"
