"""HTTP endpoints of a person's own data, and of erasure requests for operators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from mydocker_kit.contracts.base import Page
from mydocker_kit.problems import responses

from ..deps import Composed, CurrentPerson, Db, Now, Operator, Paged, Token
from ..models.people.erasure_request import RequestState
from ..work_files.endpoints import shown
from ..work_files.schemas import DownloadAddress
from . import service
from .queries import RequestSort
from .schemas import (
    AskErasure,
    DownloadFolder,
    ErasureRequestEntry,
    ErasureRequestShown,
    MyData,
    RefuseErasure,
)

router = APIRouter(
    prefix="/api/my-data", tags=["account"], responses=responses(401, 404, 409, 422, 503)
)
of_operators = APIRouter(
    prefix="/api/erasure-requests", tags=["people"], responses=responses(401, 403, 404, 409, 422)
)


@router.get("")
async def get_my_data(person: CurrentPerson, db: Db) -> MyData:
    """What is stored about me, by kind, and my request to erase it."""
    return await service.my_data(db, person)


@router.get("/export", response_class=Response)
async def export_my_data(person: CurrentPerson, services: Composed, now: Now) -> Response:
    """A zip of all data about me as JSON, and the list of my files."""
    _, packed = await service.export(services, person, now)
    return shown(packed)


@router.post("/folders/{environment_id}/downloads")
async def download_my_folder(
    environment_id: UUID,
    body: DownloadFolder,
    person: CurrentPerson,
    token: Token,
    services: Composed,
    now: Now,
) -> DownloadAddress:
    """An address that downloads a work folder of mine, also of a Course that is over."""
    return await service.download(services, person, token, environment_id, body, now)


@router.put("/erasure-request")
async def ask_for_erasure(
    body: AskErasure, person: CurrentPerson, db: Db, now: Now
) -> ErasureRequestShown:
    """Ask operators to erase everything about me."""
    return await service.ask(db, person, body, now)


@router.delete("/erasure-request", status_code=204)
async def withdraw_erasure_request(person: CurrentPerson, db: Db, now: Now) -> None:
    """Take my request back before it is decided."""
    await service.withdraw(db, person, now)


@of_operators.get("")
async def list_erasure_requests(
    _operator: Operator,
    db: Db,
    paging: Paged,
    state: Annotated[list[RequestState] | None, Query()] = None,
    sort: RequestSort = RequestSort.LONGEST_WAITING,
) -> Page[ErasureRequestEntry]:
    """Requests of people to erase their data."""
    return await service.requests(db, paging, sort, state or [])


@of_operators.post("/{request_id}/carry-out")
async def carry_out_erasure(
    request_id: UUID, operator: Operator, services: Composed, now: Now
) -> ErasureRequestEntry:
    """Erase the person's data, and take their name off what has to stay. It cannot be undone."""
    return await service.carry_out(services, operator, request_id, now)


@of_operators.post("/{request_id}/refuse")
async def refuse_erasure(
    request_id: UUID, body: RefuseErasure, operator: Operator, db: Db, now: Now
) -> ErasureRequestEntry:
    """Leave the data, with a reason that the person reads."""
    return await service.refuse(db, operator, request_id, body.answer, now)
