"""The members of a course space: fetched when asked for, kept, served stale when a platform rests.

A site tool's bearer reads every course of a Moodle: only the address that a signed launch of this
very course space named is asked, and what comes back must be about this course space.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.rosters import ContextKey, Member
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.errors import NotFound, Unavailable
from mydocker_kit.logging import get_logger

from ..domain.members import with_changes
from ..domain.service_urls import Media, Scope, asking, links_of
from ..http_client.client import PlatformAway
from ..metrics import ROSTERS
from ..models import Registration, Roster
from . import service_claims as offers
from .client import Ask, PlatformCalls

log = get_logger()
FRESH = timedelta(minutes=5)
STALE = timedelta(hours=24)
BETWEEN_FAILURES = timedelta(seconds=60)
PAGE = 200
"""Moodle pages only when asked, and a large course in one answer is over our limit of bytes.
No `role` goes along: its next page would have forgotten it. We filter here."""
SECONDS = 60


class RosterNotOffered(NotFound):
    """No launch of this course space named a roster, or its platform is not in use."""

    code, title = "roster_not_offered", "The platform shares no list of members"


class RosterUnavailable(Unavailable):
    """The platform does not answer, and what is known is too old or nothing."""

    code, title = "roster_unavailable", "The list of members cannot be fetched now"


@dataclass(frozen=True)
class Fetched:
    """Members in the order of their subjects, and how old the list is."""

    members: Sequence[Member]
    fetched_at: datetime
    stale: bool


class Rosters:
    """The rosters of every course space."""

    def __init__(self, sessions: Sessions, calls: PlatformCalls) -> None:
        self._sessions, self._calls = sessions, calls
        self._locks: WeakValueDictionary[ContextKey, asyncio.Lock] = WeakValueDictionary()

    async def roster(self, context: ContextKey, now: datetime) -> Fetched:
        """The members, five minutes old at most unless the platform does not answer."""
        lock = self._locks.setdefault(context, asyncio.Lock())
        async with lock:
            registration, url, kept = await self._known(context)
            if kept and kept.fetched_at and now - kept.fetched_at < FRESH:
                return _fetched(kept, kept.fetched_at, stale=False)
            if kept and kept.failed_at and now - kept.failed_at < BETWEEN_FAILURES:
                return _what_is_left(kept, now)
            try:
                fresh = await self._sync(registration, url, context, kept, now)
            except (PlatformAway, TimeoutError) as error:
                return await self._failed(context, error, now)
            ROSTERS.labels("fetched").inc()
            return _fetched(fresh, now, stale=False)

    async def _known(self, context: ContextKey) -> tuple[Registration, str, Roster | None]:
        async with transaction(self._sessions) as db:
            registration = await db.get(Registration, context.registration_id)
            url = await offers.roster_url(db, context)
            if registration is None or registration.disabled_at is not None or url is None:
                raise RosterNotOffered
            return registration, url, await _kept(db, context)

    async def _sync(
        self,
        registration: Registration,
        url: str,
        context: ContextKey,
        kept: Roster | None,
        now: datetime,
    ) -> Roster:
        """Only the differences if the platform offers them and they can be had, else everything."""
        async with asyncio.timeout(SECONDS):
            synced = None
            if kept and kept.differences_url:
                synced = await self._differences(registration, kept, context, now)
            if synced is None:
                whole = asking(url, limit=str(PAGE))
                synced = await self._members(registration, whole, context, {}, now)
        members, differences_url = synced
        return await self._keep(context, members, differences_url, now)

    async def _differences(
        self, registration: Registration, kept: Roster, context: ContextKey, now: datetime
    ) -> tuple[dict[str, Member], str | None] | None:
        known = {member.subject: member for member in _members_of(kept)}
        try:
            return await self._members(
                registration, kept.differences_url or "", context, known, now
            )
        except PlatformAway as error:
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
        ask = Ask(url, Scope.ROSTER, Media.ROSTER)
        async for answer in self._calls.pages(registration, ask, now):
            members = with_changes(members, _entries(answer.json(), context.context_id))
            links = links_of(answer.headers.get("Link", ""))
            differences_url = links.get("differences", differences_url)
        return members, differences_url

    async def _keep(
        self,
        context: ContextKey,
        members: dict[str, Member],
        differences_url: str | None,
        now: datetime,
    ) -> Roster:
        ordered = sorted(members.values(), key=lambda member: member.subject)
        said = {
            "members": [member.model_dump(mode="json") for member in ordered],
            "differences_url": differences_url,
            "fetched_at": now,
            "failed_at": None,
            "failure": None,
        }
        log.info("roster.fetched", registration=str(context.registration_id), members=len(ordered))
        return await self._write(context, said)

    async def _failed(
        self, context: ContextKey, error: PlatformAway | TimeoutError, now: datetime
    ) -> Fetched:
        why = str(error) or "too slow"
        ROSTERS.labels("failed").inc()
        log.warning("roster.failed", registration=str(context.registration_id), error=why)
        return _what_is_left(await self._write(context, {"failed_at": now, "failure": why}), now)

    async def _write(self, context: ContextKey, said: dict[str, Any]) -> Roster:
        """Insert or change, whichever replica comes first."""
        key = context.model_dump()
        written = insert(Roster).values(**{"members": [], **key, **said})
        async with transaction(self._sessions) as db:
            await db.execute(written.on_conflict_do_update(index_elements=list(key), set_=said))
            return await db.get_one(Roster, tuple(key.values()))


async def _kept(db: AsyncSession, context: ContextKey) -> Roster | None:
    return await db.get(
        Roster, (context.registration_id, context.deployment_id, context.context_id)
    )


def _what_is_left(kept: Roster, now: datetime) -> Fetched:
    if kept.fetched_at is None or now - kept.fetched_at > STALE:
        raise RosterUnavailable(kept.failure or "")
    return _fetched(kept, kept.fetched_at, stale=True)


def _fetched(kept: Roster, fetched_at: datetime, *, stale: bool) -> Fetched:
    return Fetched(_members_of(kept), fetched_at, stale)


def _members_of(kept: Roster) -> list[Member]:
    return [Member.model_validate(entry) for entry in kept.members]


def _entries(container: object, context_id: str) -> list[object]:
    """The members in an answer that is about this course space."""
    if not isinstance(container, dict) or not isinstance(container.get("members"), list):
        raise PlatformAway("no member list")
    about = container.get("context")
    if isinstance(about, dict) and str(about.get("id", context_id)) != context_id:
        raise PlatformAway("the roster of another course space")
    entries: list[object] = container["members"]
    return entries
