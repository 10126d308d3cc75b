"""The ledger of direct ports: a number of a pool is one row, so nobody can hold it twice."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.pools import DirectPorts
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.logging import get_logger

from ..domain.lifecycle.transitions import Environment
from ..domain.placement.direct_ports import (
    REST,
    Number,
    Numbers,
    PortClaim,
    choose,
    left,
    needed,
    refused,
)
from ..metrics import PORTS_HELD, PORTS_REFUSED
from ..models import PortClaimRow, PortRestRow

log = get_logger()


class PortLedger:
    """Claims before a service is made, releases when it is gone; safe to repeat after a crash.

    Only the leading replica writes, so it remembers what the tables say. A class that starts would
    otherwise read all of them once a person. Keys of the tables hold should two ever lead.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._claims: dict[Number, PortClaim] | None = None
        self._rests: dict[Number, datetime] = {}
        self._told: set[str] = set()
        self._one_at_a_time = asyncio.Lock()

    def forget(self) -> None:
        """Another replica may have led meanwhile."""
        self._claims = None

    async def claims(self) -> Sequence[PortClaim]:
        """All numbers that are held."""
        async with self._one_at_a_time:
            return list((await self._known()).values())

    async def left(self, pools: Mapping[str, DirectPorts], now: datetime) -> dict[str, Numbers]:
        """How many numbers of these pools are free."""
        async with self._one_at_a_time:
            held = await self._unfree(now)
        return {
            name: left(direct, (number for pool, number in held if pool == name))
            for name, direct in pools.items()
        }

    async def claim(
        self, environment: Environment, direct: DirectPorts, now: datetime
    ) -> Mapping[int, int] | None:
        """The number of each of its ports that are reached directly; None when too few are free.

        What it holds already, from before a crash or an earlier start, it keeps, except for what
        its last try found taken: that rests.
        """
        async with self._one_at_a_time:
            try:
                return await self._claim(environment, direct, now)
            except IntegrityError:
                log.warning("port.claimed_meanwhile", id=str(environment.id))
                return None
            finally:
                self._tell()

    async def release(self, claims: Iterable[PortClaim]) -> None:
        """Give these back; one that was claimed anew meanwhile is left alone."""
        row = PortClaimRow
        keys = tuple_(row.pool, row.number, row.environment_id, row.attempt)
        async with self._one_at_a_time:
            known = await self._known()
            over = [one for one in claims if known.get(one.key) == one]
            values = [(*one.key, *one.holder) for one in over]
            self._claims = None  # until it is written for sure
            async with transaction(self._sessions) as db:
                await db.execute(delete(row).where(keys.in_(values)))
            gone = {one.key for one in over}
            self._claims = {key: one for key, one in known.items() if key not in gone}
            self._tell()
        for one in over:
            log.info("port.released", **_words(one))

    async def _claim(
        self, environment: Environment, direct: DirectPorts, now: datetime
    ) -> Mapping[int, int] | None:
        unfree, known = await self._unfree(now), await self._known()
        mine = [one for one in known.values() if _is_of(one, environment)]
        ports, resting = needed(environment, direct), refused(environment, mine)
        kept = {
            one.port: one.number
            for one in mine
            if one.number not in resting and one.number in direct.numbers and one.port in ports
        }
        others = {number for pool, number in unfree if pool == environment.pool}
        missing = set(ports) - kept.keys()
        new = choose(missing, direct, others | resting, environment.id)
        # Who waits holds none: two that hold half of what they need would wait for each other.
        given = {**kept, **new} if new is not None else {}
        after = {one.key: one for one in known.values() if one not in mine}
        after |= {
            (environment.pool, number): _claim_of(environment, port, number, now)
            for port, number in given.items()
        }
        self._claims = None  # until it is written for sure
        async with transaction(self._sessions) as db:
            await self._write(db, environment, mine, given, now)
            await self._rest(db, environment, resting, now)
        self._claims = after
        if new:
            log.info("port.claimed", numbers=new, id=str(environment.id), pool=environment.pool)
        return None if new is None else given

    async def _write(
        self,
        db: AsyncSession,
        environment: Environment,
        mine: Sequence[PortClaim],
        given: Mapping[int, int],
        now: datetime,
    ) -> None:
        row, held = PortClaimRow, {one.number for one in mine}
        of_mine = (row.pool == environment.pool, row.environment_id == environment.id)
        numbers = set(given.values())
        if held - numbers:
            await db.execute(delete(row).where(*of_mine, row.number.in_(held - numbers)))
        if held & numbers:
            # Another create follows, and may arrive as late as a first one.
            again = {"attempt": environment.attempt, "claimed_at": now}
            kept = update(row).where(*of_mine, row.number.in_(held & numbers)).values(**again)
            await db.execute(kept)
        for port, number in given.items():
            if number not in held:
                claim = _claim_of(environment, port, number, now)
                db.add(row(pool=claim.pool, number=number, port=port, **_holder(claim)))
        await db.flush()

    async def _rest(
        self, db: AsyncSession, environment: Environment, numbers: set[int], now: datetime
    ) -> None:
        """Something else on a node has these; whoever asks next is given others."""
        for number in numbers:
            values = {"pool": environment.pool, "number": number, "until": now + REST}
            new = insert(PortRestRow).values(values)
            keys = [PortRestRow.pool, PortRestRow.number]
            await db.execute(new.on_conflict_do_update(index_elements=keys, set_=values))
            self._rests[environment.pool, number] = now + REST
            PORTS_REFUSED.labels(environment.pool).inc()
            log.warning(
                "port.rests",
                pool=environment.pool,
                number=number,
                id=str(environment.id),
                why=environment.reason.detail if environment.reason else "",
            )

    async def _unfree(self, now: datetime) -> set[Number]:
        """Held, or resting."""
        known = await self._known()
        self._rests = {key: until for key, until in self._rests.items() if until > now}
        return known.keys() | self._rests.keys()

    async def _known(self) -> dict[Number, PortClaim]:
        if self._claims is None:
            async with transaction(self._sessions) as db:
                rows = (await db.scalars(select(PortClaimRow))).all()
                rests = (await db.scalars(select(PortRestRow))).all()
            self._claims = {(row.pool, row.number): _of_row(row) for row in rows}
            self._rests = {(row.pool, row.number): row.until for row in rests}
            self._tell()
        return self._claims

    def _tell(self) -> None:
        """How many numbers each pool has given out; a pool once told goes on being told."""
        held = Counter(pool for pool, _ in self._claims or ())
        self._told.update(held)
        for pool in self._told if self._claims is not None else ():
            PORTS_HELD.labels(pool).set(held[pool])


async def held_by_pool(db: AsyncSession) -> dict[str, int]:
    """How many numbers environments hold, for operators."""
    row = PortClaimRow
    counted = select(row.pool, func.count()).group_by(row.pool)
    return {str(pool): number for pool, number in (await db.execute(counted)).all()}


def _is_of(claim: PortClaim, environment: Environment) -> bool:
    """Held by it already; by an earlier start too, whose container is gone when one is made."""
    return (
        claim.environment_id == environment.id
        and claim.pool == environment.pool
        and claim.attempt <= environment.attempt
    )


def _claim_of(environment: Environment, port: int, number: int, now: datetime) -> PortClaim:
    return PortClaim(environment.pool, number, port, environment.id, environment.attempt, now)


def _holder(claim: PortClaim) -> dict[str, object]:
    return {
        "environment_id": claim.environment_id,
        "attempt": claim.attempt,
        "claimed_at": claim.claimed_at,
    }


def _of_row(row: PortClaimRow) -> PortClaim:
    return PortClaim(
        row.pool, row.number, row.port, row.environment_id, row.attempt, row.claimed_at
    )


def _words(claim: PortClaim) -> dict[str, object]:
    return {
        "pool": claim.pool,
        "number": claim.number,
        "id": str(claim.environment_id),
        "attempt": claim.attempt,
    }
