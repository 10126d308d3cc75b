"""Composition root: makes every object that outlives a request.

`compose_core` serves both kinds of processes (the api, and the one that answers the edge);
`compose` adds what only the api needs. Endpoints read the result through `deps`, middleware and
loops take it as an argument. Nothing here connects or starts anything: the lifespan of the
application does, and closes it again.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from mydocker_kit.clock import Clock
from mydocker_kit.postgres.db import Sessions, open_engine, open_sessions
from mydocker_kit.postgres.known_etags import KnownEtags
from mydocker_kit.postgres.notify import Wakeup
from mydocker_kit.tokens import API_AUDIENCE, ServiceIdentity, ServiceTrust
from mydocker_kit.vault import Vault

from ..auth.access_tokens import AccessKeys
from ..auth.api_tokens import ApiTokens
from ..auth.revocations import EndedSessions
from ..catalogue import Catalogue
from ..change_log import ChangeLog
from ..feed import Feed
from ..limits.rates import Limits, SharedLimits
from ..orchestration.delivery import Delivery
from ..orchestration.status_cache import StatusCache
from ..orchestration.uses import RecentUses
from ..settings import Settings
from ..unpacking.process import Unpacker
from .clients import Clients, open_clients


@dataclass(frozen=True)
class Core:
    """Objects of every process of this service."""

    settings: Settings
    clock: Clock
    identity: ServiceIdentity
    """Signs what this service sends to others."""
    engine: AsyncEngine
    sessions: Sessions
    clients: Clients
    feed: Feed
    statuses: StatusCache
    ended: EndedSessions
    uses: RecentUses

    async def aclose(self) -> None:
        """Close connections to the other services and to the database."""
        await self.clients.aclose()
        await self.engine.dispose()


@dataclass(frozen=True)
class Services(Core):
    """Objects of a process that serves the api."""

    trust: ServiceTrust
    access_keys: AccessKeys
    api_tokens: ApiTokens
    vault: Vault
    delivery: Delivery
    limits: Limits
    catalogue: Catalogue
    change_log: ChangeLog
    course_etags: KnownEtags
    unpacker: Unpacker
    submissions: Wakeup
    """Wakes the loop that asks for the copies of submitted work."""
    disabled_users: Wakeup
    """Wakes the loop that ends web sessions and environments of disabled people."""

    def known_caller(self, header: bytes) -> UUID | None:
        """Whose token this `Authorization` header holds, when this process has checked it."""
        return self.access_keys.known(header) or self.api_tokens.known(header)


def compose_core(settings: Settings, application: str, clock: Clock) -> Core:
    """The objects that every process needs; `application` names it to PostgreSQL."""
    identity = ServiceIdentity.load(API_AUDIENCE, settings.service_key.get_secret_value())
    engine = open_engine(settings, application)
    feed = Feed()
    return Core(
        settings=settings,
        clock=clock,
        identity=identity,
        engine=engine,
        sessions=open_sessions(engine),
        clients=open_clients(settings, identity, clock),
        feed=feed,
        statuses=StatusCache(feed),
        ended=EndedSessions(feed, clock),
        uses=RecentUses(),
    )


def compose(settings: Settings, clock: Clock, shared: SharedLimits | None = None) -> Services:
    """Everything the api needs; `shared` counts rate limits over several processes."""
    core = compose_core(settings, "api", clock)
    vault = Vault(settings.vault_keys)
    return Services(
        **vars(core),
        trust=ServiceTrust.load(API_AUDIENCE, settings.trusted_service_keys),
        access_keys=AccessKeys(core.clients.gateway),
        api_tokens=ApiTokens(core.sessions),
        vault=vault,
        delivery=Delivery(core.sessions, core.clients.orchestrator, core.statuses, vault),
        limits=Limits(settings, shared),
        catalogue=Catalogue.load(settings.catalogue),
        change_log=ChangeLog(core.sessions),
        course_etags=KnownEtags(),
        unpacker=Unpacker(settings.context_limits(), settings.context_seconds),
        submissions=Wakeup(),
        disabled_users=Wakeup(),
    )
