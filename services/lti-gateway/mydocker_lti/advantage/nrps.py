"""Rosters (NRPS): fetched on request, cached for minutes, served stale while a platform is down.

The access token of a site-wide tool can read all courses of a Moodle. Therefore only the URL from a
signed launch of the same context is called, and the answer must be about that context.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.rosters import ContextKey, Member
from mydocker_kit.errors import NotFound, Unavailable
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.outgoing.client import RemoteUnavailable
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain.services.members import with_changes
from ..domain.services.service_urls import Media, Scope, asking, links_of
from ..metrics import ROSTERS
from ..models import Registration, Roster
from . import service_claims
from .client import PlatformCalls, ServiceRequest

log = get_logger()
FRESH = timedelta(minutes=5)
STALE = timedelta(hours=24)
MIN_RETRY_INTERVAL = timedelta(seconds=60)
PAGE_SIZE = 200
"""Moodle pages only with `limit`, and a large course in one answer exceeds our size limit.
No `role` is sent, since Moodle's next page drops it; we filter instead."""
SYNC_TIMEOUT = 60


class RosterNotOffered(NotFound):
    """No launch of this context offered a roster, or the platform is disabled."""

    code, title = "roster_not_offered", "The platform shares no list of members"


class RosterUnavailable(Unavailable):
    """The platform does not answer, and there is no stored roster of the last day."""

    code, title = "roster_unavailable", "The list of members cannot be fetched now"


@dataclass(frozen=True)
class RosterSnapshot:
    """Members ordered by subject, and when they were fetched."""

    members: Sequence[Member]
    fetched_at: datetime
    stale: bool


class Rosters:
    """Fetches and stores the rosters of all contexts."""

    def __init__(self, sessions: Sessions, calls: PlatformCalls) -> None:
        self._sessions, self._calls = sessions, calls
        self._locks: WeakValueDictionary[ContextKey, asyncio.Lock] = WeakValueDictionary()

    async def roster(
        self, context: ContextKey, now: datetime, max_age: timedelta = FRESH
    ) -> RosterSnapshot:
        """The members, no older than `max_age` unless the platform does not answer."""
        lock = self._locks.setdefault(context, asyncio.Lock())
        async with lock:
            registration, url, stored = await self._known(context)
            if stored and stored.fetched_at and now - stored.fetched_at < max_age:
                return _snapshot(stored, stored.fetched_at, stale=False)
            if stored and stored.failed_at and now - stored.failed_at < MIN_RETRY_INTERVAL:
                return _stale_snapshot(stored, now)
            try:
                fresh = await self._sync(registration, url, context, stored, now)
            except (RemoteUnavailable, TimeoutError) as error:
                return await self._failed(context, error, now)
            ROSTERS.labels("fetched").inc()
            return _snapshot(fresh, now, stale=False)

    async def _known(self, context: ContextKey) -> tuple[Registration, str, Roster | None]:
        async with transaction(self._sessions) as db:
            registration = await db.get(Registration, context.registration_id)
            url = await service_claims.roster_url(db, context)
            if registration is None or registration.disabled_at is not None or url is None:
                raise RosterNotOffered
            return registration, url, await _stored_roster(db, context)

    async def _sync(
        self,
        registration: Registration,
        url: str,
        context: ContextKey,
        stored: Roster | None,
        now: datetime,
    ) -> Roster:
        """Fetch the differences if the platform offers them; everything if that fails."""
        async with asyncio.timeout(SYNC_TIMEOUT):
            synced = None
            if stored and stored.differences_url:
                synced = await self._differences(registration, stored, context, now)
            if synced is None:
                whole = asking(url, limit=str(PAGE_SIZE))
                synced = await self._members(registration, whole, context, {}, now)
        members, differences_url = synced
        return await self._store(context, members, differences_url, now)

    async def _differences(
        self, registration: Registration, stored: Roster, context: ContextKey, now: datetime
    ) -> tuple[dict[str, Member], str | None] | None:
        known = {member.subject: member for member in _members_of(stored)}
        try:
            return await self._members(
                registration, stored.differences_url or "", context, known, now
            )
        except RemoteUnavailable as error:
            log.info("roster.differences_failed", error=error)
            return None

    async def _members(
        self,
        registration: Registration,
        url: str,
        context: ContextKey,
        known: dict[str, Member],
        now: datetime,
    ) -> tuple[dict[str, Member], str | None]:
        members, differences_url = known, None
        ask = ServiceRequest(url, Scope.ROSTER, Media.ROSTER)
        async for answer in self._calls.pages(registration, ask, now):
            members = with_changes(members, _entries(answer.json(), context.context_id))
            links = links_of(answer.headers.get("Link", ""))
            differences_url = links.get("differences", differences_url)
        return members, differences_url

    async def _store(
        self,
        context: ContextKey,
        members: dict[str, Member],
        differences_url: str | None,
        now: datetime,
    ) -> Roster:
        ordered = sorted(members.values(), key=lambda member: member.subject)
        values = {
            "members": [member.model_dump(mode="json") for member in ordered],
            "differences_url": differences_url,
            "fetched_at": now,
            "failed_at": None,
            "failure": None,
        }
        log.info("roster.fetched", registration=str(context.registration_id), members=len(ordered))
        return await self._write(context, values)

    async def _failed(
        self, context: ContextKey, error: RemoteUnavailable | TimeoutError, now: datetime
    ) -> RosterSnapshot:
        failure = str(error) or "too slow"
        ROSTERS.labels("failed").inc()
        log.warning("roster.failed", registration=str(context.registration_id), error=failure)
        return _stale_snapshot(
            await self._write(context, {"failed_at": now, "failure": failure}), now
        )

    async def _write(self, context: ContextKey, values: dict[str, Any]) -> Roster:
        """Upsert, since replicas may write at the same time."""
        key = context.model_dump()
        written = insert(Roster).values(**{"members": [], **key, **values})
        async with transaction(self._sessions) as db:
            await db.execute(written.on_conflict_do_update(index_elements=list(key), set_=values))
            return await db.get_one(Roster, tuple(key.values()))


async def _stored_roster(db: AsyncSession, context: ContextKey) -> Roster | None:
    return await db.get(
        Roster, (context.registration_id, context.deployment_id, context.context_id)
    )


def _stale_snapshot(stored: Roster, now: datetime) -> RosterSnapshot:
    if stored.fetched_at is None or now - stored.fetched_at > STALE:
        raise RosterUnavailable(stored.failure or "")
    return _snapshot(stored, stored.fetched_at, stale=True)


def _snapshot(stored: Roster, fetched_at: datetime, *, stale: bool) -> RosterSnapshot:
    return RosterSnapshot(_members_of(stored), fetched_at, stale)


def _members_of(stored: Roster) -> list[Member]:
    return [Member.model_validate(entry) for entry in stored.members]


def _entries(container: object, context_id: str) -> list[object]:
    """The members in an answer, which must be about this context."""
    if not isinstance(container, dict) or not isinstance(container.get("members"), list):
        raise RemoteUnavailable("no member list")
    about = container.get("context")
    if isinstance(about, dict) and str(about.get("id", context_id)) != context_id:
        raise RemoteUnavailable("the roster of another course space")
    entries: list[object] = container["members"]
    return entries
