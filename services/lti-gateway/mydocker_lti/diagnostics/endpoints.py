"""Stored refusals for api, which shows them to operators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from mydocker_kit.contracts.refusals import RefusalPage, RefusedEntry
from mydocker_kit.contracts.values import Opaque, Text
from mydocker_kit.dependencies import Db, calling_service
from mydocker_kit.problems import responses

from . import queries as diagnostics

router = APIRouter(
    prefix="/internal/refusals", tags=["services"], dependencies=[Depends(calling_service)]
)


@router.get("", responses=responses(401, 422))
async def list_refusals(
    db: Db,
    reason: Annotated[Annotated[str, Text(max_length=80)] | None, Query()] = None,
    search: Annotated[str, Text(max_length=40), Query()] = "",
    platform_id: UUID | None = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> RefusalPage:
    """Newest first."""
    return await diagnostics.refusals_page(
        db, reason=reason, search=search, platform_id=platform_id, page=page, page_size=page_size
    )


@router.get("/{reference}", responses=responses(401, 404, 422))
async def get_refusal(
    reference: Annotated[str, Opaque(max_length=40), Path()], db: Db
) -> RefusedEntry:
    """The refusal behind a reference."""
    return await diagnostics.refusal(db, reference)
