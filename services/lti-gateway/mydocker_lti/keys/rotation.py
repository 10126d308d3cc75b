"""What operators do with our own keys: look, rotate with overlap, retire."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.signing_keys import KeyPurpose, KeyState, OwnKey
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.logging import get_logger

from ..domain.key_rotation import HASTE, OVERLAP, signs_until, state_of, waits
from ..models import SigningKey
from .signing import SigningKeys

log = get_logger()
REMEMBERED = timedelta(days=90)
"""Keys that are over longer are not listed."""
_ONE_AT_A_TIME = 0x6C74690002


class KeyUnknown(NotFound):
    """None of our keys has this id."""

    code, title = "key_unknown", "No such key"


class KeyWaits(Conflict):
    """A rotation is under way: one new key at a time."""

    code, title = "key_waits", "A new key waits for its turn already"


class KeySigns(Conflict):
    """Without it nothing could be signed: rotate first."""

    code, title = "key_signs", "This key signs at present"


async def listed(db: AsyncSession, now: datetime) -> list[OwnKey]:
    """Newest first, by purpose."""
    rows = (await db.scalars(select(SigningKey).order_by(SigningKey.active_from.desc()))).all()
    found: list[OwnKey] = []
    for purpose in KeyPurpose:
        mine = [row for row in rows if row.purpose == purpose]
        found += [_shown(row, mine, now) for row in mine]
    return [one for one in found if not _forgotten(one, now)]


async def rotate(
    db: AsyncSession,
    keys: SigningKeys,
    purpose: KeyPurpose,
    now: datetime,
    *,
    at_once: bool,
    actor: str,
) -> str:
    """A new key, published now. `at_once` also where another one waits: it is for emergencies."""
    mine = await _locked(db, purpose)
    if not at_once and waits(mine, now):
        raise KeyWaits(purpose)
    kid = await keys.rotate(db, purpose, now, wait=HASTE if at_once else OVERLAP)
    log.info("signing_key.rotated", kid=kid, purpose=purpose, at_once=at_once, actor=actor)
    return kid


async def retire(
    db: AsyncSession, keys: SigningKeys, kid: str, now: datetime, *, actor: str
) -> None:
    """Publish it no more; whatever it signed is refused from then on. Once retired, stays so."""
    row = await db.get(SigningKey, kid)
    if row is None:
        raise KeyUnknown(kid)
    mine = await _locked(db, KeyPurpose(row.purpose))
    if row.retired_at is not None:
        return
    if state_of(row, mine, now) is KeyState.SIGNING:
        raise KeySigns(kid)
    row.retired_at = now
    await db.flush()
    keys.look_again()
    log.info("signing_key.retired", kid=kid, purpose=row.purpose, actor=actor)


async def _locked(db: AsyncSession, purpose: KeyPurpose) -> Sequence[SigningKey]:
    """The keys of this purpose; two operators act one after the other."""
    await db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_AT_A_TIME})
    query = select(SigningKey).where(SigningKey.purpose == purpose)
    return (await db.scalars(query.execution_options(populate_existing=True))).all()


def _shown(row: SigningKey, mine: Sequence[SigningKey], now: datetime) -> OwnKey:
    until = signs_until(row, mine)
    published_until = until + OVERLAP if until else None
    return OwnKey(
        kid=row.kid,
        purpose=KeyPurpose(row.purpose),
        state=state_of(row, mine, now),
        created_at=row.created_at,
        signs_from=row.active_from,
        signs_until=until,
        published_until=row.retired_at or published_until,
        retired_at=row.retired_at,
    )


def _forgotten(key: OwnKey, now: datetime) -> bool:
    until = key.published_until
    return until is not None and until < now - REMEMBERED
