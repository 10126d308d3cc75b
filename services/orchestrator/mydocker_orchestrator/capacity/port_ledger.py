"""The ledger of direct ports: one row per claimed number, whose key excludes a second claim."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.pools import DirectPorts
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain.lifecycle.transitions import EnvironmentState
from ..domain.placement.direct_ports import (
    COOLDOWN,
    PoolPort,
    PortAvailability,
    PortClaim,
    availability,
    choose_ports,
    conflicting_ports,
    direct_ports_of,
)
from ..metrics import DIRECT_PORT_CONFLICTS, DIRECT_PORTS_HELD
from ..models import PortClaimRow, PortCooldownRow

log = get_logger()


class PortLedger:
    """Claims before a service is created, releases when it is gone. Idempotent.

    Only the leading replica writes, so it caches the tables: a class that starts would otherwise
    read all of them once per person. The primary keys hold even if two replicas ever led.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._claims: dict[PoolPort, PortClaim] | None = None
        self._cooldowns: dict[PoolPort, datetime] = {}
        self._measured_pools: set[str] = set()
        self._lock = asyncio.Lock()

    def reset(self) -> None:
        """Drop the cache: another replica may have led meanwhile."""
        self._claims = None

    async def claims(self) -> Sequence[PortClaim]:
        """All claimed numbers."""
        async with self._lock:
            return list((await self._cached_claims()).values())

    async def availability(
        self, pools: Mapping[str, DirectPorts], now: datetime
    ) -> dict[str, PortAvailability]:
        """How many numbers of these pools are free."""
        async with self._lock:
            unavailable = await self.unavailable_ports(now)
        return {
            name: availability(direct, (number for pool, number in unavailable if pool == name))
            for name, direct in pools.items()
        }

    async def claim(
        self, environment: EnvironmentState, direct: DirectPorts, now: datetime
    ) -> Mapping[int, int] | None:
        """A number for each of its direct ports; None when too few are free.

        It keeps numbers from before a crash or from an earlier start, except those that its last
        attempt found in use: these go into cooldown.
        """
        async with self._lock:
            try:
                return await self._claim(environment, direct, now)
            except IntegrityError:
                log.warning("port.claimed_meanwhile", id=str(environment.id))
                return None
            finally:
                self._measure()

    async def release(self, claims: Iterable[PortClaim]) -> None:
        """Delete these claims; a number claimed anew meanwhile is left alone."""
        row = PortClaimRow
        keys = tuple_(row.pool, row.number, row.environment_id, row.attempt)
        async with self._lock:
            known = await self._cached_claims()
            released = [claim for claim in claims if known.get(claim.key) == claim]
            values = [(*claim.key, *claim.holder) for claim in released]
            self._claims = None  # until the transaction has committed
            async with transaction(self._sessions) as db:
                await db.execute(delete(row).where(keys.in_(values)))
            released_keys = {claim.key for claim in released}
            self._claims = {key: claim for key, claim in known.items() if key not in released_keys}
            self._measure()
        for claim in released:
            log.info("port.released", **_log_fields(claim))

    async def _claim(
        self, environment: EnvironmentState, direct: DirectPorts, now: datetime
    ) -> Mapping[int, int] | None:
        unavailable, known = await self.unavailable_ports(now), await self._cached_claims()
        own = [claim for claim in known.values() if _is_of(claim, environment)]
        ports = direct_ports_of(environment, direct)
        conflicts = conflicting_ports(environment, own)
        retained = {
            claim.port: claim.number
            for claim in own
            if claim.number not in conflicts
            and claim.number in direct.numbers
            and claim.port in ports
        }
        others = {number for pool, number in unavailable if pool == environment.pool}
        missing = set(ports) - retained.keys()
        new = choose_ports(missing, direct, others | conflicts, environment.id)
        # All or none: two environments holding half of what they need would wait for each other.
        numbers = {**retained, **new} if new is not None else {}
        after = {claim.key: claim for claim in known.values() if claim not in own}
        after |= {
            (environment.pool, number): _claim_of(environment, port, number, now)
            for port, number in numbers.items()
        }
        self._claims = None  # until the transaction has committed
        async with transaction(self._sessions) as db:
            await self._write(db, environment, own, numbers, now)
            await self._start_cooldown(db, environment, conflicts, now)
        self._claims = after
        if new:
            log.info("port.claimed", numbers=new, id=str(environment.id), pool=environment.pool)
        return None if new is None else numbers

    async def _write(
        self,
        db: AsyncSession,
        environment: EnvironmentState,
        own: Sequence[PortClaim],
        numbers_by_port: Mapping[int, int],
        now: datetime,
    ) -> None:
        row, held = PortClaimRow, {claim.number for claim in own}
        is_own = (row.pool == environment.pool, row.environment_id == environment.id)
        numbers = set(numbers_by_port.values())
        if held - numbers:
            await db.execute(delete(row).where(*is_own, row.number.in_(held - numbers)))
        if held & numbers:
            # Another create request follows, and may arrive as late as a first one.
            renewed = {"attempt": environment.attempt, "claimed_at": now}
            await db.execute(
                update(row).where(*is_own, row.number.in_(held & numbers)).values(**renewed)
            )
        for port, number in numbers_by_port.items():
            if number not in held:
                claim = _claim_of(environment, port, number, now)
                db.add(row(pool=claim.pool, number=number, port=port, **_holder(claim)))
        await db.flush()

    async def _start_cooldown(
        self, db: AsyncSession, environment: EnvironmentState, numbers: set[int], now: datetime
    ) -> None:
        """Withhold numbers that something else on a node uses; the next claim gets others."""
        for number in numbers:
            values = {"pool": environment.pool, "number": number, "until": now + COOLDOWN}
            new = insert(PortCooldownRow).values(values)
            keys = [PortCooldownRow.pool, PortCooldownRow.number]
            await db.execute(new.on_conflict_do_update(index_elements=keys, set_=values))
            self._cooldowns[environment.pool, number] = now + COOLDOWN
            DIRECT_PORT_CONFLICTS.labels(environment.pool).inc()
            log.warning(
                "port.cooldown",
                pool=environment.pool,
                number=number,
                id=str(environment.id),
                why=environment.reason.detail if environment.reason else "",
            )

    async def unavailable_ports(self, now: datetime) -> set[PoolPort]:
        """Numbers that are allocated or in cooldown; the caller holds the lock."""
        known = await self._cached_claims()
        self._cooldowns = {key: until for key, until in self._cooldowns.items() if until > now}
        return known.keys() | self._cooldowns.keys()

    async def _cached_claims(self) -> dict[PoolPort, PortClaim]:
        if self._claims is None:
            async with transaction(self._sessions) as db:
                rows = (await db.scalars(select(PortClaimRow))).all()
                cooldowns = (await db.scalars(select(PortCooldownRow))).all()
            self._claims = {(row.pool, row.number): _of_row(row) for row in rows}
            self._cooldowns = {(row.pool, row.number): row.until for row in cooldowns}
            self._measure()
        return self._claims

    def _measure(self) -> None:
        """Set the gauge by pool; a pool seen once is reported from then on, also with 0."""
        held = Counter(pool for pool, _ in self._claims or ())
        self._measured_pools.update(held)
        for pool in self._measured_pools if self._claims is not None else ():
            DIRECT_PORTS_HELD.labels(pool).set(held[pool])


async def held_by_pool(db: AsyncSession) -> dict[str, int]:
    """How many numbers environments hold, by pool."""
    row = PortClaimRow
    counted = select(row.pool, func.count()).group_by(row.pool)
    return {str(pool): number for pool, number in (await db.execute(counted)).all()}


def _is_of(claim: PortClaim, environment: EnvironmentState) -> bool:
    """Whether this or an earlier attempt of it holds the claim; earlier containers are gone."""
    return (
        claim.environment_id == environment.id
        and claim.pool == environment.pool
        and claim.attempt <= environment.attempt
    )


def _claim_of(environment: EnvironmentState, port: int, number: int, now: datetime) -> PortClaim:
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


def _log_fields(claim: PortClaim) -> dict[str, object]:
    return {
        "pool": claim.pool,
        "number": claim.number,
        "id": str(claim.environment_id),
        "attempt": claim.attempt,
    }
