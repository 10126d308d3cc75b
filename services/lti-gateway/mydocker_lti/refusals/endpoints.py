"""Stored refusals for api, which shows them to operators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from mydocker_kit.contracts.gateway.refusals import RefusalPage, RefusalSort, RefusedEntry
from mydocker_kit.contracts.values import Opaque, Text
from mydocker_kit.web.dependencies import Db, Paged, calling_service

from . import queries

router = APIRouter(
    prefix="/internal/refusals", tags=["services"], dependencies=[Depends(calling_service)]
)


@router.get("")
async def list_refusals(
    db: Db,
    paging: Paged,
    reason: Annotated[Annotated[str, Text(max_length=80)] | None, Query()] = None,
    platform_id: UUID | None = None,
    sort: RefusalSort = RefusalSort.NEWEST,
) -> RefusalPage:
    """Refused entries."""
    return await queries.refusals_page(
        db, reason=reason, platform_id=platform_id, paging=paging, sort=sort
    )


@router.get("/{reference}")
async def get_refusal(
    reference: Annotated[str, Opaque(max_length=40), Path()], db: Db
) -> RefusedEntry:
    """The refusal behind a reference."""
    return await queries.refusal(db, reference)
