"""Which keys are claimed, and the answers they have.

A claim is committed before its request is worked on, so that of two at once one works. The answer
is written in the transaction that creates: after a crash either both exist or neither does, and a
claim without an answer may be taken over once it is abandoned.
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.vault import Vault

from ..domain.idempotency import (
    ABANDONED_AFTER,
    REMEMBERED,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
)
from ..models import IdempotencyKey as Row


@dataclass(frozen=True)
class Claim:
    """A key of a person, claimed at a moment."""

    user_id: UUID
    key: str
    at: datetime


@dataclass(frozen=True)
class Answer:
    """An answer, as it was sent."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def sealed(self, vault: Vault) -> str:
        body = base64.b64encode(self.body).decode()
        return vault.seal(json.dumps([self.status, self.headers, body]))

    @classmethod
    def opened(cls, vault: Vault, sealed: str) -> Self:
        """The answer of a row; ValueError when the vault's key is gone."""
        status, headers, body = json.loads(vault.open(sealed))
        pairs = [(name, value) for name, value in headers]
        return cls(status, pairs, base64.b64decode(body))


async def claim(sessions: Sessions, claim: Claim, fingerprint: bytes) -> str | None:
    """Claim the key: None, or the sealed answer that a request with it has already.

    Raises `IdempotencyKeyReused` where that request was another one, and `IdempotencyKeyInUse`
    while it is at work.
    """
    async with transaction(sessions) as db:
        if await _inserted(db, claim, fingerprint):
            return None
        query = select(Row.fingerprint, Row.answer).where(_is(claim))
        row = (await db.execute(query)).one_or_none()
    if row is None:
        raise IdempotencyKeyInUse  # released between the two statements
    if row.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    if row.answer is None:
        raise IdempotencyKeyInUse
    return str(row.answer)


async def _inserted(db: AsyncSession, claim: Claim, fingerprint: bytes) -> bool:
    values = {
        "fingerprint": fingerprint,
        "claimed_at": claim.at,
        "expires_at": claim.at + REMEMBERED,
        "answer": None,
    }
    abandoned = and_(Row.answer.is_(None), Row.claimed_at < claim.at - ABANDONED_AFTER)
    statement = (
        insert(Row)
        .values(user_id=claim.user_id, key=claim.key, **values)
        .on_conflict_do_update(
            index_elements=[Row.user_id, Row.key],
            set_=values,
            where=or_(Row.expires_at <= claim.at, abandoned),
        )
        .returning(Row.claimed_at)
    )
    return (await db.scalar(statement)) is not None


async def store(db: AsyncSession, claim: Claim, sealed: str) -> None:
    """Store the answer with what was created; raises when another request took the claim over."""
    mine = update(Row).where(_is(claim), Row.claimed_at == claim.at)
    stored = await db.scalar(mine.values(answer=sealed).returning(Row.key))
    if stored is None:
        raise IdempotencyKeyInUse


async def release(sessions: Sessions, claim: Claim) -> None:
    """Nothing was created: the key may be used again."""
    async with transaction(sessions) as db:
        await db.execute(delete(Row).where(_is(claim), Row.claimed_at == claim.at))


async def forget_expired(db: AsyncSession, now: datetime) -> int:
    """Delete rows whose time is over; how many there were."""
    gone = await db.execute(delete(Row).where(Row.expires_at <= now).returning(Row.key))
    return len(gone.all())


def _is(claim: Claim) -> ColumnElement[bool]:
    return and_(Row.user_id == claim.user_id, Row.key == claim.key)
