"""Who I am."""

from fastapi import APIRouter

from ...deps import CurrentPerson, Db, Now
from ...idempotency.route import CreationRoute
from . import service
from .schemas import Me

router = APIRouter(route_class=CreationRoute, prefix="/api", tags=["people"])


@router.get("/me")
async def get_me(person: CurrentPerson, db: Db) -> Me:
    """Who I am, what I may do, and the course spaces I come from."""
    return await service.me(db, person)


@router.post("/me/build-request", status_code=202)
async def ask_to_build(person: CurrentPerson, db: Db, now: Now) -> Me:
    """Ask the operators to let me build images; asking again changes nothing."""
    return await service.ask_to_build(db, person, now)
