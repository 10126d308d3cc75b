"""HTTP endpoints of what the institution says of itself."""

from fastapi import APIRouter, Response

from mydocker_kit.web.preconditions import RequiredIfMatch, edit_responses, tagged, with_etag

from ..deps import CurrentPerson, Db, Now, Operator
from ..models.institution import InstitutionSettings
from . import service
from .schemas import InstitutionWords, StoredInstitution

router = APIRouter(
    prefix="/api/institution",
    tags=["platforms"],
)


@router.get("")
async def get_institution(person: CurrentPerson, db: Db, now: Now) -> InstitutionWords:
    """Name, logo, links and current announcements: what every screen shows."""
    return await service.words(db, now)


@router.get("/settings", responses=with_etag())
async def get_institution_settings(
    operator: Operator, db: Db, response: Response
) -> StoredInstitution:
    """All of it, announcements that are over or to come included."""
    return tagged(response, await service.stored(db))


@router.put("/settings", responses=edit_responses())
async def put_institution_settings(
    body: InstitutionSettings,
    operator: Operator,
    if_match: RequiredIfMatch,
    db: Db,
    now: Now,
    response: Response,
) -> StoredInstitution:
    """Change what every screen shows; open pages show it within five minutes."""
    return tagged(response, await service.change(db, operator, body, if_match, now))
