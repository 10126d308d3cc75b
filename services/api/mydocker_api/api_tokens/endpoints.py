"""API tokens over HTTP. No token makes, lists or revokes tokens: a signed-in person does."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.contracts.base import Page

from ..deps import Config, CurrentPerson, Db, Limited, Now, Operator, Paged
from ..idempotency.route import CreationRoute
from . import service
from .queries import TokenSort
from .schemas import ApiTokenDraft, ApiTokenMade, ApiTokenOfPerson, ApiTokenShown

router = APIRouter(
    route_class=CreationRoute,
    prefix="/api",
    tags=["api-tokens"],
)


@router.get("/me/api-tokens")
async def list_my_api_tokens(person: CurrentPerson, db: Db) -> list[ApiTokenShown]:
    """My API tokens, newest first; expired and revoked ones stay for a month."""
    return await service.own(db, person.id)


@router.post("/me/api-tokens", status_code=201)
async def create_api_token(
    body: ApiTokenDraft, person: CurrentPerson, db: Db, settings: Config, limits: Limited, now: Now
) -> ApiTokenMade:
    """Make an API token. Its secret is in this answer and is never shown again."""
    limits.keys.check(person.id)
    return await service.create(db, settings, person.id, body, now)


@router.delete("/api-tokens/{token_id}", status_code=204)
async def revoke_api_token(token_id: UUID, person: CurrentPerson, db: Db, now: Now) -> None:
    """Revoke a token of mine; operators revoke anybody's. It is refused within a second."""
    await service.revoke(db, person, token_id, now)


@router.get("/api-tokens")
async def list_api_tokens(
    operator: Operator, db: Db, paging: Paged, sort: TokenSort = TokenSort.NEWEST
) -> Page[ApiTokenOfPerson]:
    """Everybody's API tokens; `search` looks at the names of token and owner."""
    return await service.everybody(db, paging, sort)
