"""Requests of the gateway: launches, sign-ins, operators."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.gateway.launches import Arrival, CourseItem, Launch
from mydocker_kit.contracts.gateway.sign_ins import NewOperator, Operator, SignIn
from mydocker_kit.errors import Invalid

from ..deps import Db, FromGateway, Now, Paged
from ..people.identity import operators
from . import service
from .schemas import CourseItemsQuery

router = APIRouter(prefix="/internal", dependencies=[FromGateway], include_in_schema=False)


@router.put("/launches/{launch_id}")
async def put_launch(launch_id: UUID, body: Launch, db: Db, now: Now) -> Arrival:
    """Accept a verified launch; idempotent by its id."""
    if body.id != launch_id:
        raise Invalid("the launch's id is another one than the path's")
    return await service.arrive(db, body, now)


@router.put("/sign-ins/{sign_in_id}")
async def put_sign_in(sign_in_id: UUID, body: SignIn, db: Db, now: Now) -> Arrival:
    """Accept a verified sign-in; idempotent by its id."""
    if body.id != sign_in_id:
        raise Invalid("the sign-in's id is another one than the path's")
    return await service.sign_in(db, body, now)


@router.put("/operators")
async def put_operator(body: NewOperator, db: Db, now: Now) -> Operator:
    """Let this person operate the platform."""
    return await operators.make_operator(db, body, now)


@router.get("/operators")
async def list_operators(db: Db, paging: Paged) -> Page[Operator]:
    """Who operates the platform."""
    return await operators.operators(db, paging)


@router.delete("/operators/{user_id}", status_code=204)
async def remove_operator(user_id: UUID, db: Db) -> None:
    """Take the right to operate away."""
    await operators.remove_operator(db, user_id)


@router.post("/course-items")
async def course_items(body: CourseItemsQuery, db: Db) -> list[CourseItem]:
    """What a deep link says about these Courses."""
    return await service.course_items(db, body.user_id, body.course_ids, body.launch_id)
