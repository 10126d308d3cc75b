"""Rosters and scores for other services."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.contracts.gateway.platforms import Id
from mydocker_kit.contracts.gateway.rosters import ContextKey, RosterPage
from mydocker_kit.contracts.gateway.scores import Score, ScoreStatus
from mydocker_kit.contracts.values import Opaque
from mydocker_kit.web.dependencies import CallingService, Db, Now

from .nrps import Rosters
from .score_queue import queue_score, score_status

router = APIRouter(prefix="/internal", tags=["services"])


async def _rosters(request: Request) -> Rosters:
    rosters: Rosters = request.app.state.rosters
    return rosters


RosterService = Annotated[Rosters, Depends(_rosters)]


@router.get("/contexts/{registration_id}/members")
async def list_members(
    registration_id: UUID,
    deployment_id: Annotated[Id, Query()],
    rosters: RosterService,
    now: Now,
    _: CallingService,
    context_id: Annotated[str, Opaque(max_length=255), Query()] = "",
    role: ContextRole | None = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
    max_age: Annotated[int, Query(ge=30, le=300, description="Seconds.")] = 300,
) -> RosterPage:
    """Members of a context. Its id may contain slashes, so it is a query parameter."""
    context = ContextKey(
        registration_id=registration_id, deployment_id=deployment_id, context_id=context_id
    )
    fetched = await rosters.roster(context, now, timedelta(seconds=max_age))
    members = [member for member in fetched.members if role in (None, member.role)]
    begin = (page - 1) * page_size
    return RosterPage(
        items=members[begin : begin + page_size],
        total=len(members),
        page=page,
        page_size=page_size,
        fetched_at=fetched.fetched_at,
        stale=fetched.stale,
    )


@router.put("/scores/{id}")
async def put_score(
    id: UUID, body: Score, db: Db, now: Now, request: Request, _: CallingService
) -> ScoreStatus:
    """Queue the score and wake the worker. Idempotent."""
    status = await queue_score(db, id, body, now)
    request.app.state.score_worker.wakeup.set()
    return status


@router.get("/scores/{id}")
async def get_score(id: UUID, db: Db, _: CallingService) -> ScoreStatus:
    """The state of a score."""
    return await score_status(db, id)
