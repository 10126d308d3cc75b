"""Key management for operators: list, rotate with overlap, retire."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.signing_keys import KeyPurpose, KeyState, OwnKey
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.observability.logging import get_logger

from ..domain.key_rotation import EMERGENCY_DELAY, OVERLAP, has_pending, signs_until, state_of
from ..models import SigningKey
from .signing import SigningKeys

log = get_logger()
LISTED_FOR = timedelta(days=90)
"""Keys that left the key set longer ago are not listed."""
_ROTATION_LOCK = 0x6C74690002


class KeyUnknown(NotFound):
    """No key of ours has this id."""

    code, title = "key_unknown", "No such key"


class KeyPending(Conflict):
    """A key is published that does not sign yet: one rotation at a time."""

    code, title = "key_waits", "A new key waits for its turn already"


class KeySigns(Conflict):
    """The key signs at present: rotate before retiring it."""

    code, title = "key_signs", "This key signs at present"


async def list_keys(db: AsyncSession, now: datetime) -> list[OwnKey]:
    """All keys by purpose, newest first."""
    rows = (await db.scalars(select(SigningKey).order_by(SigningKey.active_from.desc()))).all()
    keys: list[OwnKey] = []
    for purpose in KeyPurpose:
        of_purpose = [row for row in rows if row.purpose == purpose]
        keys += [_own_key(row, of_purpose, now) for row in of_purpose]
    return [key for key in keys if not _is_outdated(key, now)]


async def rotate(
    db: AsyncSession,
    keys: SigningKeys,
    purpose: KeyPurpose,
    now: datetime,
    *,
    at_once: bool,
    actor: str,
) -> str:
    """Publish a new key. `at_once`, for emergencies, is allowed while another key is pending."""
    same_purpose = await _locked(db, purpose)
    if not at_once and has_pending(same_purpose, now):
        raise KeyPending(purpose)
    kid = await keys.rotate(db, purpose, now, wait=EMERGENCY_DELAY if at_once else OVERLAP)
    log.info("signing_key.rotated", kid=kid, purpose=purpose, at_once=at_once, actor=actor)
    return kid


async def retire(
    db: AsyncSession, keys: SigningKeys, kid: str, now: datetime, *, actor: str
) -> None:
    """Remove the key from the key set; what it signed is invalid from then on. Idempotent."""
    row = await db.get(SigningKey, kid)
    if row is None:
        raise KeyUnknown(kid)
    same_purpose = await _locked(db, KeyPurpose(row.purpose))
    if row.retired_at is not None:
        return
    if state_of(row, same_purpose, now) is KeyState.SIGNING:
        raise KeySigns(kid)
    row.retired_at = now
    await db.flush()
    keys.invalidate()
    log.info("signing_key.retired", kid=kid, purpose=row.purpose, actor=actor)


async def _locked(db: AsyncSession, purpose: KeyPurpose) -> Sequence[SigningKey]:
    """The keys of this purpose, under an advisory lock that serializes operators."""
    await db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ROTATION_LOCK})
    query = select(SigningKey).where(SigningKey.purpose == purpose)
    return (await db.scalars(query.execution_options(populate_existing=True))).all()


def _own_key(row: SigningKey, same_purpose: Sequence[SigningKey], now: datetime) -> OwnKey:
    until = signs_until(row, same_purpose)
    published_until = until + OVERLAP if until else None
    return OwnKey(
        kid=row.kid,
        purpose=KeyPurpose(row.purpose),
        state=state_of(row, same_purpose, now),
        created_at=row.created_at,
        signs_from=row.active_from,
        signs_until=until,
        published_until=row.retired_at or published_until,
        retired_at=row.retired_at,
    )


def _is_outdated(key: OwnKey, now: datetime) -> bool:
    until = key.published_until
    return until is not None and until < now - LISTED_FOR
