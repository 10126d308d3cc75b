"""Makes, lists and revokes API tokens."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.errors import NotFound
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import Paging

from ..domain.courses.checks import Flaw
from ..domain.policy import Person
from ..domain.tokens import form
from ..inputs.fields import refuse
from ..limits.caps import CapReached, check_cap
from ..metrics import API_TOKEN_CHANGES
from ..models import ApiToken
from ..settings import Settings
from . import queries
from .schemas import ApiTokenDraft, ApiTokenMade, ApiTokenOfPerson, ApiTokenShown

log = get_logger()


class TooManyApiTokens(CapReached):
    """The list is full."""

    code, title = "api_tokens_full", "There are as many API tokens as there may be"


async def create(
    db: AsyncSession, settings: Settings, owner_id: UUID, draft: ApiTokenDraft, now: datetime
) -> ApiTokenMade:
    """A new token of this person or service account, with its secret."""
    most = settings.api_token_max_days
    if draft.expires_in_days > most:
        message = f"At most {most} days"
        refuse([Flaw("expires_in_days", "expires_too_late", message)])
    await check_cap(
        db,
        ApiToken,
        ApiToken.user_id,
        owner_id,
        settings.api_tokens_per_person,
        TooManyApiTokens,
    )
    token = form.new_token()
    row = ApiToken(
        id=uuid4(),
        user_id=owner_id,
        name=draft.name,
        digest=form.digest(token),
        ending=token[-form.SHOWN :],
        scopes=sorted(set(draft.scopes)),
        created_at=now,
        expires_at=now + timedelta(days=draft.expires_in_days),
    )
    db.add(row)
    await db.flush()
    API_TOKEN_CHANGES.labels("created").inc()
    log.info("api_token.created", token=row.id, person=owner_id, scopes=row.scopes)
    return ApiTokenMade(**_shown(row).model_dump(), token=token)


async def own(db: AsyncSession, owner_id: UUID) -> list[ApiTokenShown]:
    """The owner's tokens, newest first, ended ones for a month too."""
    return [_shown(row) for row in await queries.tokens_of(db, owner_id)]


async def everybody(
    db: AsyncSession, paging: Paging, sort: queries.TokenSort
) -> Page[ApiTokenOfPerson]:
    """All tokens with their owners."""
    read = await queries.tokens_of_everybody(db, paging, sort)
    items = [
        ApiTokenOfPerson(**_shown(token).model_dump(), owner_id=user.id, owner_name=user.shown_name)
        for token, user in read.rows
    ]
    return paging.answer(items, read)


async def revoke(db: AsyncSession, person: Person, token_id: UUID, now: datetime) -> None:
    """Refuse this token within a second; a second time changes nothing.

    `NotFound` for whoever neither owns it nor operates the platform.
    """
    row = await queries.token_locked(db, token_id)
    if row is None or (row.user_id != person.id and not person.operates):
        raise NotFound(f"API token {token_id}")
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = now, person.id
        API_TOKEN_CHANGES.labels("revoked").inc()
        log.info("api_token.revoked", token=row.id, person=row.user_id, by=person.id)


def _shown(row: ApiToken) -> ApiTokenShown:
    return ApiTokenShown.model_validate(row, from_attributes=True)
