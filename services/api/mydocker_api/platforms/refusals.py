"""Refused entries, for operators; asked of the gateway, which alone keeps them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from mydocker_kit.contracts.refusals import RefusalPage, RefusedEntry
from mydocker_kit.contracts.values import Text
from mydocker_kit.problems import responses

from ..deps import Gateway, Operator, Paged

router = APIRouter(
    prefix="/api/refusals", tags=["refusals"], responses=responses(401, 403, 404, 422, 503)
)


@router.get("")
async def list_refusals(
    operator: Operator,
    gateway: Gateway,
    paging: Paged,
    reason: Annotated[Annotated[str, Text(max_length=80)] | None, Query()] = None,
    platform: UUID | None = None,
) -> RefusalPage:
    """Newest first, a month back; `search` is the beginning of a reference."""
    return await gateway.refusals(
        reason=reason,
        search=paging.search,
        platform_id=platform,
        page=paging.page,
        page_size=paging.page_size,
    )


@router.get("/{reference}")
async def get_refusal(
    reference: Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,40}$")],
    operator: Operator,
    gateway: Gateway,
) -> RefusedEntry:
    """The refusal behind the reference that a person was shown."""
    return await gateway.refusal(reference)
