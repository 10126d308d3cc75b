"""Web sessions the gateway has ended, in memory: their tokens and cookies are refused at once."""

import asyncio
from collections import OrderedDict
from datetime import datetime, timedelta
from uuid import UUID

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clock import Clock
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.sessions import EndedSession, SessionEnd
from mydocker_kit.errors import Unauthenticated
from mydocker_kit.logging import get_logger
from mydocker_kit.notify import Bell

from ..feed import Feed
from ..metrics import ENDED_LAG, ENDED_SESSIONS

log = get_logger()
KEPT = timedelta(hours=13)
"""Longer than the cookie of an environment lives, which is the last thing made from a session."""
MOST = 200_000
"""A day of everybody signing out; the oldest go first."""


class WebSessionOver(Unauthenticated):
    """Signed out, replaced, or ended by an operator: the token is fresh but worth nothing."""

    code, title = "web_session_over", "Your session is over"

    def __init__(self, reason: SessionEnd) -> None:
        super().__init__(reason=reason.value)


class EndedSessions:
    """Which sessions are over. Empty is no harm: then tokens live out their ten minutes."""

    def __init__(self, feed: Feed, clock: Clock) -> None:
        self._feed, self._clock = feed, clock
        self._began = clock()
        self._ended: OrderedDict[UUID, tuple[datetime, SessionEnd]] = OrderedDict()
        self.platform_closed = Bell()
        """Rung when a session ended because its platform did."""

    def is_over(self, web_session_id: UUID | None) -> bool:
        return web_session_id in self._ended

    def reason(self, web_session_id: UUID) -> SessionEnd | None:
        """Why it is over; None while it is not."""
        found = self._ended.get(web_session_id)
        return found[1] if found else None

    def check(self, web_session_id: UUID) -> None:
        """`WebSessionOver` when the gateway has said so."""
        if reason := self.reason(web_session_id):
            raise WebSessionOver(reason)

    def apply(self, ended: EndedSession) -> None:
        """Take in one ending; streams of that session close."""
        if self.is_over(ended.web_session_id):
            return
        now = self._clock()
        self._ended[ended.web_session_id] = (ended.ended_at, ended.reason)
        self._forget(now)
        ENDED_SESSIONS.labels(ended.reason).inc()
        if ended.ended_at >= self._began:  # what is told again after a restart is not late
            ENDED_LAG.set(max(0.0, (now - ended.ended_at).total_seconds()))
        log.info("web_session.refused", web_session=ended.web_session_id, reason=ended.reason)
        if ended.reason is SessionEnd.PLATFORM_DISABLED:
            self.platform_closed.ring()
        self._feed.publish(EventKind.SESSION_ENDED, ended.web_session_id, None, None)

    def _forget(self, now: datetime) -> None:
        while self._ended:
            id, (ended_at, _) = next(iter(self._ended.items()))
            if len(self._ended) <= MOST and now - ended_at < KEPT:
                return
            del self._ended[id]


async def follow_ended(ended: EndedSessions, gateway: LtiClient) -> None:
    """Follow the gateway for ever; after a silence it says again what was missed."""
    while True:
        try:
            async for one in gateway.ended_sessions():
                ended.apply(one)
        except ValueError as error:
            log.warning("ended_sessions.unreadable", error=error)
        await asyncio.sleep(0.5)
