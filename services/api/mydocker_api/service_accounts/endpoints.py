"""Service accounts over HTTP: for signed-in operators; no token reaches them."""

from uuid import UUID

from fastapi import APIRouter, Response

from mydocker_kit.contracts.base import Page
from mydocker_kit.web.preconditions import RequiredIfMatch, edit_responses, tagged, with_etag

from ..api_tokens.schemas import ApiTokenDraft, ApiTokenMade, ApiTokenShown
from ..deps import Composed, Config, Db, Limited, Now, Operator, Paged
from ..idempotency.route import CreationRoute
from . import service
from .queries import AccountSort
from .schemas import ServiceAccount, ServiceAccountDraft

router = APIRouter(
    route_class=CreationRoute,
    prefix="/api/service-accounts",
    tags=["service-accounts"],
)


@router.get("")
async def list_service_accounts(
    operator: Operator,
    db: Db,
    paging: Paged,
    now: Now,
    sort: AccountSort = AccountSort.NAME,
) -> Page[ServiceAccount]:
    """Service accounts; `search` looks at their and their owners' names."""
    return await service.everybody(db, operator, paging, sort, now)


@router.post("", status_code=201, responses=with_etag(201))
async def create_service_account(
    body: ServiceAccountDraft,
    operator: Operator,
    db: Db,
    settings: Config,
    now: Now,
    response: Response,
) -> ServiceAccount:
    """Create a service account, for which I answer."""
    return tagged(response, await service.create(db, settings, operator, body, now))


@router.get("/{account_id}", responses=with_etag())
async def get_service_account(
    account_id: UUID, operator: Operator, db: Db, now: Now, response: Response
) -> ServiceAccount:
    """One service account."""
    return tagged(response, await service.get(db, operator, account_id, now))


@router.put("/{account_id}", responses=edit_responses())
async def update_service_account(
    account_id: UUID,
    body: ServiceAccountDraft,
    operator: Operator,
    if_match: RequiredIfMatch,
    db: Db,
    now: Now,
    response: Response,
) -> ServiceAccount:
    """Give a service account another name and other rights; its next request follows them."""
    changed = await service.update(db, operator, account_id, body, if_match, now)
    return tagged(response, changed)


@router.put("/{account_id}/disabled")
async def disable_service_account(
    account_id: UUID, operator: Operator, services: Composed, db: Db, now: Now
) -> ServiceAccount:
    """Refuse all its tokens from now on, and stop what it runs. What it created stays."""
    account = await service.disable(db, operator, account_id, now)
    await db.commit()
    services.disabled_users.set()
    return account


@router.delete("/{account_id}/disabled")
async def enable_service_account(
    account_id: UUID, operator: Operator, db: Db, now: Now
) -> ServiceAccount:
    """Accept its tokens again."""
    return await service.enable(db, operator, account_id, now)


@router.put("/{account_id}/owner")
async def take_over_service_account(
    account_id: UUID, operator: Operator, db: Db, now: Now
) -> ServiceAccount:
    """Answer for a service account in place of its owner."""
    return await service.take_over(db, operator, account_id, now)


@router.get("/{account_id}/tokens")
async def list_tokens_of_service_account(
    account_id: UUID, operator: Operator, db: Db
) -> list[ApiTokenShown]:
    """Its API tokens, newest first; ended ones stay for a month. `DELETE /api/api-tokens/{id}`
    revokes one."""
    return await service.tokens(db, account_id)


@router.post("/{account_id}/tokens", status_code=201)
async def create_token_of_service_account(
    account_id: UUID,
    body: ApiTokenDraft,
    operator: Operator,
    db: Db,
    settings: Config,
    limits: Limited,
    now: Now,
) -> ApiTokenMade:
    """Make an API token of a service account. Its secret is shown in this answer alone."""
    limits.keys.check(operator.id)
    return await service.create_token(db, settings, account_id, body, now)
