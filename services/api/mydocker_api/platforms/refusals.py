"""Refused entries, for operators; asked of the gateway, which alone keeps them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from mydocker_kit.contracts.gateway.refusals import RefusalPage, RefusalSort, RefusedEntry
from mydocker_kit.contracts.values import Text

from ..deps import Gateway, Operator, Paged

router = APIRouter(prefix="/api/refusals", tags=["refusals"])


@router.get("")
async def list_refusals(
    operator: Operator,
    gateway: Gateway,
    paging: Paged,
    reason: Annotated[Annotated[str, Text(max_length=80)] | None, Query()] = None,
    platform: UUID | None = None,
    sort: RefusalSort = RefusalSort.NEWEST,
) -> RefusalPage:
    """Refused entries, a month back; `search` is the beginning of a reference."""
    page = await gateway.refusals(
        asked=paging.remote(), reason=reason, platform_id=platform, sort=sort
    )
    return paging.of_remote(page)


@router.get("/{reference}")
async def get_refusal(
    reference: Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,40}$")],
    operator: Operator,
    gateway: Gateway,
) -> RefusedEntry:
    """The refusal behind the reference that a person was shown."""
    return await gateway.refusal(reference)
