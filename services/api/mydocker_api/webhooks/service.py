"""Makes, changes, tests and removes webhooks; shows and replays their deliveries."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.events import ChangeKind
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.etags import IfMatch
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.outgoing.addresses import address_flaw
from mydocker_kit.paging import Paging
from mydocker_kit.vault import Vault

from ..change_log import wake
from ..domain.courses.checks import Flaw
from ..domain.policy import Person
from ..domain.webhooks import signing
from ..inputs.fields import refuse
from ..limits.caps import CapReached, check_cap
from ..models import DeliveryState, DisabledBecause, Webhook, WebhookDelivery
from ..settings import Settings
from . import queries, views
from .fan_out import disable, new_delivery
from .schemas import DeliveryShown, WebhookDraft, WebhookMade, WebhookOfPerson, WebhookShown
from .sender import may_be_http

log = get_logger()
TEST_KIND = "webhook.test"
FORMER_SECRET_SIGNS = timedelta(days=1)
"""After a new secret is made, the one before signs too, so that receivers change over in time."""


class TooManyWebhooks(CapReached):
    """The list is full."""

    code, title = "webhooks_full", "There are as many webhooks as there may be"


class WebhookDisabled(Conflict):
    """A disabled webhook is sent nothing; enable it first."""

    code, title = "webhook_disabled", "The webhook is disabled"


class StillWaiting(Conflict):
    """The delivery is due already."""

    code, title = "delivery_waiting", "The delivery is still being tried"


async def create(
    db: AsyncSession,
    settings: Settings,
    vault: Vault,
    owner: Person,
    draft: WebhookDraft,
    now: datetime,
) -> WebhookMade:
    """A new webhook of this person, with its secret."""
    _check_address(draft.url, settings)
    most = settings.webhooks_per_person
    await check_cap(db, Webhook, Webhook.owner_id, owner.id, most, TooManyWebhooks)
    secret = signing.new_secret()
    row = Webhook(id=uuid4(), owner_id=owner.id, created_at=now, sealed_secret=vault.seal(secret))
    _put_on(row, draft)
    if not draft.enabled:
        row.disabled_because, row.disabled_at = DisabledBecause.OWNER, now
    db.add(row)
    await db.flush()
    log.info("webhook.created", webhook=row.id, owner=owner.id, kinds=row.kinds)
    return WebhookMade(**views.shown(row, 0).model_dump(), secret=secret)


async def own(db: AsyncSession, owner: Person) -> list[WebhookShown]:
    """This person's webhooks, oldest first."""
    rows = await queries.webhooks_of(db, owner.id)
    waiting = await queries.waiting_counts(db, [row.id for row in rows])
    return [views.shown(row, waiting.get(row.id, 0)) for row in rows]


async def everybody(
    db: AsyncSession, paging: Paging, sort: queries.WebhookSort
) -> Page[WebhookOfPerson]:
    """All webhooks with their owners, for operators."""
    read = await queries.webhooks_of_everybody(db, paging, sort)
    waiting = await queries.waiting_counts(db, [row.id for row, _, _ in read.rows])
    items = [
        views.of_person(row, owner, inactive, waiting.get(row.id, 0))
        for row, owner, inactive in read.rows
    ]
    return paging.answer(items, read)


async def get(db: AsyncSession, owner: Person, id: UUID) -> WebhookShown:
    """One webhook of this person."""
    return await _whole(db, await _mine(db, owner, id))


async def update(
    db: AsyncSession,
    settings: Settings,
    owner: Person,
    id: UUID,
    draft: WebhookDraft,
    if_match: IfMatch,
    now: datetime,
) -> WebhookShown:
    """Change a webhook; what waits goes to the new address."""
    row = await _mine(db, owner, id, if_match)
    _check_address(draft.url, settings)
    _put_on(row, draft)
    if draft.enabled:
        if row.disabled_at is not None:
            row.failing_since = None
        row.disabled_because = row.disabled_at = None
    elif row.disabled_at is None:
        await disable(db, row, DisabledBecause.OWNER, now)
    await db.flush()
    log.info("webhook.changed", webhook=row.id, owner=owner.id, kinds=row.kinds)
    return await _whole(db, row)


async def remove(db: AsyncSession, owner: Person, id: UUID, if_match: IfMatch) -> None:
    """Delete a webhook with its deliveries; nothing more is sent."""
    await db.delete(await _mine(db, owner, id, if_match))
    log.info("webhook.deleted", webhook=id, owner=owner.id)


async def renew_secret(
    db: AsyncSession, vault: Vault, owner: Person, id: UUID, now: datetime
) -> WebhookMade:
    """A new secret; the one before signs too for a day."""
    row = await _mine(db, owner, id)
    secret = signing.new_secret()
    row.sealed_former_secret, row.former_until = row.sealed_secret, now + FORMER_SECRET_SIGNS
    row.sealed_secret = vault.seal(secret)
    log.info("webhook.secret_renewed", webhook=row.id, owner=owner.id)
    return WebhookMade(**(await _whole(db, row)).model_dump(), secret=secret)


async def send_test(db: AsyncSession, owner: Person, id: UUID, now: datetime) -> DeliveryShown:
    """Queue a test message, which takes the same way as every other."""
    row = await _mine(db, owner, id)
    if row.disabled_at is not None:
        raise WebhookDisabled
    message = {"type": TEST_KIND, "timestamp": now.isoformat(), "data": {"id": str(row.id)}}
    # A subject of its own: a test never waits behind deliveries that fail.
    delivery = new_delivery(row, TEST_KIND, uuid4(), message, now)
    db.add(delivery)
    await wake(db)
    await db.flush()
    return views.delivery_shown(delivery)


async def deliveries(
    db: AsyncSession, owner: Person, id: UUID, paging: Paging, sort: queries.DeliverySort
) -> Page[DeliveryShown]:
    """A page of the delivery log."""
    row = await _mine(db, owner, id)
    read = await queries.deliveries(db, row.id, paging, sort)
    items = [views.delivery_shown(delivery) for (delivery,) in read.rows]
    return paging.answer(items, read)


async def replay(
    db: AsyncSession, owner: Person, id: UUID, delivery_id: UUID, now: datetime
) -> DeliveryShown:
    """Send a settled delivery again, under the same `webhook-id`."""
    row = await _mine(db, owner, id)
    delivery = await db.get(WebhookDelivery, delivery_id, with_for_update=True)
    if delivery is None or delivery.webhook_id != row.id:
        raise NotFound(f"delivery {delivery_id}")
    if row.disabled_at is not None:
        raise WebhookDisabled
    if delivery.state is DeliveryState.WAITING:
        raise StillWaiting
    delivery.state, delivery.attempts, delivery.settled_at = DeliveryState.WAITING, 0, None
    delivery.due_since = delivery.next_try_at = now
    await wake(db)
    log.info("webhook.replayed", webhook=row.id, delivery=delivery.id)
    return views.delivery_shown(delivery)


async def kinds_of(db: AsyncSession, owner: Person, id: UUID) -> Iterable[ChangeKind]:
    """What the webhook takes now: a token that acts on it needs the scope of each."""
    return [ChangeKind(kind) for kind in (await _mine(db, owner, id)).kinds]


async def _mine(
    db: AsyncSession, owner: Person, id: UUID, if_match: IfMatch | None = None
) -> Webhook:
    """A webhook of this person, locked; for others it is not there."""
    row = await db.get(Webhook, id, with_for_update=True)
    if row is None or row.owner_id != owner.id:
        raise NotFound(f"webhook {id}")
    if if_match is not None:
        if_match.check(views.version_of(row), changed_by=owner.name)
    return row


async def _whole(db: AsyncSession, row: Webhook) -> WebhookShown:
    waiting = await queries.waiting_counts(db, [row.id])
    return views.shown(row, waiting.get(row.id, 0))


def _put_on(row: Webhook, draft: WebhookDraft) -> None:
    row.name, row.url = draft.name, draft.url
    row.kinds = sorted(set(draft.kinds))


def _check_address(url: str, settings: Settings) -> None:
    """Refuse what could never be called; names are checked when they are resolved to send."""
    reach = settings.webhook_reach
    flaw = address_flaw(url, allow_http=_readable(url) and may_be_http(url, reach))
    if flaw:
        refuse([Flaw("url", flaw.code, flaw.message)])
    parts = urlsplit(url)
    try:
        address = ip_address(parts.hostname or "")
    except ValueError:
        return  # a name
    if not reach.allows(parts.hostname or "", parts.port or 443, address):
        refuse([Flaw("url", "address_private", "The address is not on the open internet")])


def _readable(url: str) -> bool:
    try:
        return bool(urlsplit(url).port) or True
    except ValueError:
        return False
