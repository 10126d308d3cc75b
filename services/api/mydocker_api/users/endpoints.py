"""Who I am."""

from fastapi import APIRouter

from mydocker_kit.problems import responses

from ..deps import CurrentPerson, Db
from . import service
from .schemas import Me

router = APIRouter(prefix="/api", tags=["people"], responses=responses(401, 503))


@router.get("/me")
async def get_me(person: CurrentPerson, db: Db) -> Me:
    """Who I am, what I may do, and the course spaces I come from."""
    return await service.me(db, person)
