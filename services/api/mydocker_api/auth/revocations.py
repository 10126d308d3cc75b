"""Session revocation feed: web sessions that the gateway has ended, in memory.

Their access tokens and port tokens are refused at once. The feed repeats what a reader missed, so
that a restart costs nothing.
"""

import asyncio
from collections import OrderedDict
from datetime import datetime, timedelta
from uuid import UUID

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clock import Clock
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.gateway.sessions import EndedSession, SessionEnd
from mydocker_kit.errors import Unauthenticated
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.notify import Wakeup

from ..feed import Feed
from ..metrics import ENDED_LAG, ENDED_SESSIONS

log = get_logger()
RETENTION = timedelta(hours=13)
"""Longer than the life of a port cookie, the longest-lived thing issued from a session."""
MOST_ENTRIES = 200_000
"""Most entries kept; the oldest are dropped first."""


class WebSessionOver(Unauthenticated):
    """The web session was signed out, replaced, or ended by an operator."""

    code, title = "web_session_over", "Your session is over"

    def __init__(self, reason: SessionEnd) -> None:
        super().__init__(reason=reason.value)


class EndedSessions:
    """Revoked sessions. Without an entry, an access token expires within ten minutes anyway."""

    def __init__(self, feed: Feed, clock: Clock) -> None:
        self._feed, self._clock = feed, clock
        self._began = clock()
        self._ended: OrderedDict[UUID, tuple[datetime, SessionEnd]] = OrderedDict()
        self.platform_disabled = Wakeup()
        """Wakes the loop that stops environments of disabled platforms."""

    def is_over(self, web_session_id: UUID | None) -> bool:
        return web_session_id in self._ended

    def reason(self, web_session_id: UUID) -> SessionEnd | None:
        """Why the session ended; None while it lives."""
        entry = self._ended.get(web_session_id)
        return entry[1] if entry else None

    def check(self, web_session_id: UUID) -> None:
        """Raise `WebSessionOver` for a revoked session."""
        if reason := self.reason(web_session_id):
            raise WebSessionOver(reason)

    def apply(self, ended: EndedSession) -> None:
        """Record a revocation; event streams of that session close."""
        if self.is_over(ended.web_session_id):
            return
        now = self._clock()
        self._ended[ended.web_session_id] = (ended.ended_at, ended.reason)
        self._forget(now)
        ENDED_SESSIONS.labels(ended.reason).inc()
        if ended.ended_at >= self._began:  # repeated after a restart, it is not late
            ENDED_LAG.set(max(0.0, (now - ended.ended_at).total_seconds()))
        log.info("web_session.refused", web_session=ended.web_session_id, reason=ended.reason)
        if ended.reason is SessionEnd.PLATFORM_DISABLED:
            self.platform_disabled.set()
        self._feed.publish(EventKind.SESSION_ENDED, ended.web_session_id, None, None)

    def _forget(self, now: datetime) -> None:
        while self._ended:
            id, (ended_at, _) = next(iter(self._ended.items()))
            if len(self._ended) <= MOST_ENTRIES and now - ended_at < RETENTION:
                return
            del self._ended[id]


async def follow_ended_sessions(ended: EndedSessions, gateway: LtiClient) -> None:
    """Follow the gateway's feed for ever; it repeats what was missed."""
    while True:
        try:
            async for session in gateway.ended_sessions():
                ended.apply(session)
        except ValueError as error:
            log.warning("ended_sessions.unreadable", error=error)
        await asyncio.sleep(0.5)
