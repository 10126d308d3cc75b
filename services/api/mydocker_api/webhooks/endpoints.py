"""Webhooks over HTTP. An API token also needs the scope of each kind that the webhook takes."""

from uuid import UUID

from fastapi import APIRouter, Response

from mydocker_kit.contracts.base import Page
from mydocker_kit.web.preconditions import RequiredIfMatch, edit_responses, tagged, with_etag

from ..auth.api_tokens import check_kinds
from ..deps import Config, CurrentPerson, Db, Limited, Now, Operator, Paged, Passwords, Token
from ..idempotency.route import CreationRoute
from . import service
from .queries import DeliverySort, WebhookSort
from .schemas import DeliveryShown, WebhookDraft, WebhookMade, WebhookOfPerson, WebhookShown

router = APIRouter(
    route_class=CreationRoute,
    prefix="/api/webhooks",
    tags=["webhooks"],
)


@router.get("")
async def list_webhooks(person: CurrentPerson, db: Db) -> list[WebhookShown]:
    """My webhooks, oldest first."""
    return await service.own(db, person)


@router.get("/everybody")
async def list_all_webhooks(
    operator: Operator, db: Db, paging: Paged, sort: WebhookSort = WebhookSort.NEWEST
) -> Page[WebhookOfPerson]:
    """Everybody's webhooks, for operators; `search` looks at the names of webhook and owner."""
    return await service.everybody(db, paging, sort)


@router.post("", status_code=201)
async def create_webhook(
    body: WebhookDraft,
    person: CurrentPerson,
    token: Token,
    db: Db,
    settings: Config,
    vault: Passwords,
    limits: Limited,
    now: Now,
) -> WebhookMade:
    """Have changes sent to an address. The secret is in this answer and is never shown again."""
    limits.keys.check(person.id)
    check_kinds(token, body.kinds)
    return await service.create(db, settings, vault, person, body, now)


@router.get("/{webhook_id}", responses=with_etag())
async def get_webhook(
    webhook_id: UUID, person: CurrentPerson, db: Db, response: Response
) -> WebhookShown:
    """One webhook of mine."""
    return tagged(response, await service.get(db, person, webhook_id))


@router.put("/{webhook_id}", responses=edit_responses())
async def update_webhook(
    webhook_id: UUID,
    body: WebhookDraft,
    person: CurrentPerson,
    token: Token,
    if_match: RequiredIfMatch,
    db: Db,
    settings: Config,
    now: Now,
    response: Response,
) -> WebhookShown:
    """Change, disable or enable a webhook; what waits goes to the new address."""
    check_kinds(token, [*body.kinds, *await service.kinds_of(db, person, webhook_id)])
    changed = await service.update(db, settings, person, webhook_id, body, if_match, now)
    return tagged(response, changed)


@router.delete("/{webhook_id}", status_code=204, responses=edit_responses(204))
async def delete_webhook(
    webhook_id: UUID, person: CurrentPerson, if_match: RequiredIfMatch, db: Db
) -> None:
    """Remove a webhook with its delivery log; nothing more is sent."""
    await service.remove(db, person, webhook_id, if_match)


@router.post("/{webhook_id}/secret")
async def renew_webhook_secret(
    webhook_id: UUID,
    person: CurrentPerson,
    token: Token,
    db: Db,
    vault: Passwords,
    limits: Limited,
    now: Now,
) -> WebhookMade:
    """Make a new secret; the one before signs too for a day, so that nothing is lost."""
    limits.keys.check(person.id)
    check_kinds(token, await service.kinds_of(db, person, webhook_id))
    return await service.renew_secret(db, vault, person, webhook_id, now)


@router.post("/{webhook_id}/test", status_code=202)
async def test_webhook(
    webhook_id: UUID, person: CurrentPerson, db: Db, limits: Limited, now: Now
) -> DeliveryShown:
    """Send a test message; the delivery log shows how it was answered."""
    limits.keys.check(person.id)
    return await service.send_test(db, person, webhook_id, now)


@router.get("/{webhook_id}/deliveries")
async def list_webhook_deliveries(
    webhook_id: UUID,
    person: CurrentPerson,
    token: Token,
    db: Db,
    paging: Paged,
    sort: DeliverySort = DeliverySort.NEWEST,
) -> Page[DeliveryShown]:
    """The delivery log; settled deliveries stay for a week. `search` looks at their kinds."""
    check_kinds(token, await service.kinds_of(db, person, webhook_id))
    return await service.deliveries(db, person, webhook_id, paging, sort)


@router.post("/{webhook_id}/deliveries/{delivery_id}/replay", status_code=202)
async def replay_webhook_delivery(
    webhook_id: UUID,
    delivery_id: UUID,
    person: CurrentPerson,
    db: Db,
    limits: Limited,
    now: Now,
) -> DeliveryShown:
    """Send a settled delivery again, under the same `webhook-id`."""
    limits.keys.check(person.id)
    return await service.replay(db, person, webhook_id, delivery_id, now)
