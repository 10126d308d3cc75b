"""Authorizes browsers at the ports of environments.

A ticket is exchanged once for a cookie of the port's own host; the cookie authorizes every request
after it. Both are signed port tokens. The decision needs the token, the status cache and the
revoked web sessions, all in memory: no table and no other service is asked per request.
"""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from mydocker_kit.contracts.bastion.desktops import DesktopVisit
from mydocker_kit.contracts.bastion.streams import StreamGrant
from mydocker_kit.contracts.orchestrator.environments import Address, EnvironmentStatus
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.tokens import ServiceIdentity

from ..auth.revocations import EndedSessions
from ..composition.services import Core
from ..domain.edge import labels
from ..domain.edge.routing import (
    BrowserRequest,
    Desktop,
    Refusal,
    Stream,
    is_cross_origin,
    upstream,
)
from ..orchestration.status_cache import StatusCache
from ..orchestration.uses import RecentUses
from ..settings import Settings
from . import port_tokens
from .port_tokens import Kind, PortToken, PortTokenInvalid
from .queries import spend_ticket

log = get_logger()


@dataclass(frozen=True)
class EdgeAuthorizer:
    """Decides from memory; only a spent ticket is written to the database."""

    settings: Settings
    statuses: StatusCache
    ended: EndedSessions
    sessions: Sessions
    uses: RecentUses
    identity: ServiceIdentity
    """Signs the tokens for desktops and streams."""

    @classmethod
    def of(cls, core: Core) -> "EdgeAuthorizer":
        """With the objects of this process."""
        return cls(
            core.settings, core.statuses, core.ended, core.sessions, core.uses, core.identity
        )

    @property
    def key(self) -> str:
        return self.settings.cookie_key.get_secret_value()

    def route(
        self, host: str, cookie: str | None, asked: BrowserRequest, now: datetime
    ) -> Address | Stream | Desktop | Refusal:
        """The upstream of a request, or why it is refused."""
        label = labels.label_in(host, self.settings.content_host)
        if label is None:
            return Refusal.UNKNOWN
        token = self._valid_token(Kind.COOKIE, cookie, now)
        if token is None:
            return Refusal.SIGN_IN
        if not self._is_of_host(token, label):
            return Refusal.NOT_YOURS
        if is_cross_origin(asked, f"{self.settings.content_scheme}://{host.lower()}"):
            return Refusal.FOREIGN_ORIGIN
        status = self.statuses.get(token.environment_id)
        decision = upstream(status, token.user_id, token.port, loaded=self.statuses.loaded)
        if status is None or isinstance(decision, Refusal):
            return decision
        self.uses.note(token.environment_id, now)
        if token.is_desktop:
            return self._desktop(token, status, asked, now)
        return self._stream(token, status, decision, now) if asked.is_stream else decision

    def _stream(
        self, token: PortToken, status: EnvironmentStatus, address: Address, now: datetime
    ) -> Stream:
        grant = StreamGrant(
            environment_id=token.environment_id,
            attempt=status.attempt,
            web_session_id=token.web_session_id,
            address=address,
        )
        return Stream(self.identity.stream_token(grant, now))

    def _desktop(
        self, token: PortToken, status: EnvironmentStatus, asked: BrowserRequest, now: datetime
    ) -> Desktop:
        visit = DesktopVisit(
            environment_id=token.environment_id,
            user_id=token.user_id,
            web_session_id=token.web_session_id,
            port=token.port,
        )
        bridge_token = self.identity.desktop_token(visit, now) if asked.is_websocket else ""
        return Desktop(bridge_token, self._window(status))

    def window(self, cookie: str | None, now: datetime) -> str | None:
        """The page where the bearer of this cookie starts an environment that does not run."""
        token = self._valid_token(Kind.COOKIE, cookie, now)
        status = self.statuses.get(token.environment_id) if token else None
        return self._window(status) if status else None

    def _window(self, status: EnvironmentStatus) -> str:
        return f"{self.settings.app_origin}/courses/{status.course_id}/window"

    async def enter(self, host: str, ticket: str, now: datetime) -> str | Refusal:
        """The value of a new cookie for an unused ticket of this host."""
        label = labels.label_in(host, self.settings.content_host)
        if label is None:
            return Refusal.UNKNOWN
        token = self._valid_token(Kind.TICKET, ticket, now)
        if token is None:
            return Refusal.SIGN_IN
        if not self._is_of_host(token, label):
            return Refusal.NOT_YOURS
        async with transaction(self.sessions) as db:
            if not await spend_ticket(db, token.id, token.expires_at, now):
                return Refusal.SIGN_IN
        log.info("environment.entered", id=token.environment_id, port=token.port)
        return port_tokens.issue(
            self.key,
            Kind.COOKIE,
            token.user_id,
            token.environment_id,
            token.port,
            token.web_session_id,
            now,
            is_desktop=token.is_desktop,
        )

    def _valid_token(self, kind: Kind, text: str | None, now: datetime) -> PortToken | None:
        try:
            token = port_tokens.read(self.key, kind, text or "", now)
        except PortTokenInvalid:
            return None
        return None if self.ended.is_over(token.web_session_id) else token

    def _is_of_host(self, token: PortToken, label: str) -> bool:
        own = labels.label(self.key.encode(), token.environment_id, token.port)
        return compare_digest(own, label)
