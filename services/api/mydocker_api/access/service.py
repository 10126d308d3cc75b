"""Letting a browser in with a ticket, and every request after it with the cookie."""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from mydocker_kit.contracts.desktops import DesktopVisit
from mydocker_kit.contracts.environments import Address, EnvironmentStatus
from mydocker_kit.contracts.streams import StreamGrant
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.logging import get_logger
from mydocker_kit.tokens import ServiceIdentity

from ..auth.revocations import EndedSessions
from ..composition.services import Core
from ..domain.edge import labels
from ..domain.edge.routing import Asked, Desktop, Refusal, Stream, comes_from_elsewhere, upstream
from ..orchestration.status_cache import LiveEnvironments
from ..settings import Settings
from . import port_tokens as passes
from .port_tokens import Kind, Pass, PassRefused
from .queries import spend_ticket

log = get_logger()


@dataclass(frozen=True)
class EdgeAuthorizer:
    """Decides from memory; only a spent ticket is written to the database."""

    settings: Settings
    statuses: LiveEnvironments
    ended: EndedSessions
    sessions: Sessions
    identity: ServiceIdentity
    """Signs the tokens for desktops and streams."""

    @classmethod
    def of(cls, core: Core) -> "EdgeAuthorizer":
        """With the objects of this process."""
        return cls(core.settings, core.statuses, core.ended, core.sessions, core.identity)

    @property
    def key(self) -> str:
        return self.settings.cookie_key.get_secret_value()

    def route(
        self, host: str, cookie: str | None, asked: Asked, now: datetime
    ) -> Address | Stream | Desktop | Refusal:
        """Where a request goes; asks no table and nobody else."""
        label = labels.label_in(host, self.settings.content_host)
        if label is None:
            return Refusal.UNKNOWN
        held = self._held(Kind.COOKIE, cookie, now)
        if held is None:
            return Refusal.SIGN_IN
        if not self._fits(held, label):
            return Refusal.NOT_YOURS
        if comes_from_elsewhere(asked, f"{self.settings.content_scheme}://{host.lower()}"):
            return Refusal.FOREIGN_ORIGIN
        status = self.statuses.get(held.environment_id)
        found = upstream(status, held.user_id, held.port, loaded=self.statuses.loaded)
        if status is None or isinstance(found, Refusal):
            return found
        if held.is_desktop:
            return self._desktop(held, status, asked, now)
        return self._stream(held, status, found, now) if asked.is_stream else found

    def _stream(
        self, held: Pass, status: EnvironmentStatus, address: Address, now: datetime
    ) -> Stream:
        grant = StreamGrant(
            environment_id=held.environment_id,
            attempt=status.attempt,
            web_session_id=held.web_session_id,
            address=address,
        )
        return Stream(self.identity.stream_token(grant, now))

    def _desktop(
        self, held: Pass, status: EnvironmentStatus, asked: Asked, now: datetime
    ) -> Desktop:
        visit = DesktopVisit(
            environment_id=held.environment_id,
            user_id=held.user_id,
            web_session_id=held.web_session_id,
            port=held.port,
        )
        token = self.identity.desktop_token(visit, now) if asked.is_websocket else ""
        return Desktop(token, self._window(status))

    def window(self, cookie: str | None, now: datetime) -> str | None:
        """Where the bearer of this cookie starts the environment that `route` found asleep."""
        held = self._held(Kind.COOKIE, cookie, now)
        status = self.statuses.get(held.environment_id) if held else None
        return self._window(status) if status else None

    def _window(self, status: EnvironmentStatus) -> str:
        return f"{self.settings.app_origin}/courses/{status.course_id}/window"

    async def enter(self, host: str, ticket: str, now: datetime) -> str | Refusal:
        """The cookie's value for a ticket that was never used and belongs to this host."""
        label = labels.label_in(host, self.settings.content_host)
        if label is None:
            return Refusal.UNKNOWN
        held = self._held(Kind.TICKET, ticket, now)
        if held is None:
            return Refusal.SIGN_IN
        if not self._fits(held, label):
            return Refusal.NOT_YOURS
        async with transaction(self.sessions) as db:
            if not await spend_ticket(db, held.id, held.expires_at, now):
                return Refusal.SIGN_IN
        log.info("environment.entered", id=held.environment_id, port=held.port)
        return passes.issue(
            self.key,
            Kind.COOKIE,
            held.user_id,
            held.environment_id,
            held.port,
            held.web_session_id,
            now,
            is_desktop=held.is_desktop,
        )

    def _held(self, kind: Kind, token: str | None, now: datetime) -> Pass | None:
        try:
            held = passes.read(self.key, kind, token or "", now)
        except PassRefused:
            return None
        return None if self.ended.is_over(held.web_session_id) else held

    def _fits(self, held: Pass, label: str) -> bool:
        own = labels.label(self.key.encode(), held.environment_id, held.port)
        return compare_digest(own, label)
