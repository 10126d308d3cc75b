"""FastAPI dependencies of the endpoints: the caller, the clock, and shared objects.

All are `async`: FastAPI runs the others in a thread each, at half a millisecond. Those that nearly
every endpoint uses depend on no other: each link of a chain costs as much as a small answer.
"""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from mydocker_kit.clients.api import BASTION
from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.clients.lti import AUDIENCE as GATEWAY
from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.errors import Forbidden
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions
from mydocker_kit.postgres.known_etags import KnownEtags
from mydocker_kit.tokens import AccessToken
from mydocker_kit.vault import Vault
from mydocker_kit.web.dependencies import CallingService, Db, Now, Paged, bearer

from .auth.api_tokens import REQUIRED_SCOPE, ApiToken, check_scope
from .auth.revocations import EndedSessions
from .auth.service import caller
from .catalogue import Catalogue
from .change_log import ChangeLog
from .composition.services import Services
from .domain.policy import Person, must_operate
from .domain.tokens.form import PREFIX
from .feed import Feed
from .limits.rates import Limits
from .orchestration.status_cache import StatusCache
from .settings import Settings

log = get_logger()
__all__ = [
    "Builder",
    "Changes",
    "Composed",
    "Config",
    "CourseEtags",
    "CurrentPerson",
    "Db",
    "Ended",
    "Events",
    "FromBastion",
    "FromGateway",
    "Gateway",
    "Limited",
    "Now",
    "Operator",
    "Orchestrator",
    "Paged",
    "Passwords",
    "Recipes",
    "SessionsOf",
    "Statuses",
    "StreamSlot",
    "Token",
]


def services_of(request: Request) -> Services:
    """The objects that `main.build` composed for this process."""
    services: Services = request.app.state.services
    return services


async def composed(request: Request) -> Services:
    """The same as a dependency, for endpoints that use many of them."""
    return services_of(request)


async def authenticated(request: Request) -> AccessToken:
    """The caller's token: of a web session that has not ended, or an API token.

    What an API token may do is decided by `access_token`, once the route is known.
    """
    services = services_of(request)
    text = bearer(request)
    if text.startswith(PREFIX):
        return await services.api_tokens.check(text, services.clock())
    token = await services.access_keys.check(text, services.clock())
    services.ended.check(token.web_session_id)
    return token


async def access_token(request: Request) -> AccessToken:
    """The same, and an API token only with the scope that this route needs."""
    token = await authenticated(request)
    if isinstance(token, ApiToken):
        route = request.scope.get("route")
        extra: dict[str, str] = getattr(route, "openapi_extra", None) or {}
        check_scope(token, extra.get(REQUIRED_SCOPE))
        _log_use(request, token.web_session_id, getattr(route, "path", ""))
    return token


def _log_use(request: Request, token: UUID | None, route: str) -> None:
    """Once for each request: event streams check their token again every second."""
    if not getattr(request.state, "token_use_is_logged", False):
        request.state.token_use_is_logged = True
        log.info("api_token.used", token=token, route=route)


Composed = Annotated[Services, Depends(composed)]
Token = Annotated[AccessToken, Depends(access_token)]


async def current_person(request: Request) -> Person:
    """The caller; no database connection is held while the endpoint works."""
    token = await access_token(request)
    return await caller(services_of(request).sessions, token.user_id)


async def operator(person: Annotated[Person, Depends(current_person)]) -> Person:
    """The caller, who operates this platform; refuses everybody else."""
    must_operate(person)
    return person


async def from_gateway(caller: CallingService) -> None:
    """Only the gateway hands over launches and sign-ins."""
    if caller != GATEWAY:
        raise Forbidden(f"{caller} may not hand over launches")


async def from_bastion(caller: CallingService) -> None:
    """Only the bastion resolves SSH logins."""
    if caller != BASTION:
        raise Forbidden(f"{caller} may not resolve SSH logins")


async def stream_slot(request: Request, token: Token) -> AsyncIterator[None]:
    """Counts one more event stream of this person until it ends."""
    async for _ in services_of(request).limits.stream_of(token.user_id):
        yield


async def _settings(request: Request) -> Settings:
    return services_of(request).settings


async def _limits(request: Request) -> Limits:
    return services_of(request).limits


async def _sessions(request: Request) -> Sessions:
    return services_of(request).sessions


async def _orchestrator(request: Request) -> OrchestratorClient:
    return services_of(request).clients.orchestrator


async def _gateway(request: Request) -> LtiClient:
    return services_of(request).clients.gateway


async def _builder(request: Request) -> BuilderClient:
    return services_of(request).clients.builder


async def _course_etags(request: Request) -> KnownEtags:
    return services_of(request).course_etags


async def _statuses(request: Request) -> StatusCache:
    return services_of(request).statuses


async def _feed(request: Request) -> Feed:
    return services_of(request).feed


async def _change_log(request: Request) -> ChangeLog:
    return services_of(request).change_log


async def _ended(request: Request) -> EndedSessions:
    return services_of(request).ended


async def _vault(request: Request) -> Vault:
    return services_of(request).vault


async def _catalogue(request: Request) -> Catalogue:
    return services_of(request).catalogue


CurrentPerson = Annotated[Person, Depends(current_person)]
Operator = Annotated[Person, Depends(operator)]
FromGateway = Depends(from_gateway)
FromBastion = Depends(from_bastion)
SessionsOf = Annotated[Sessions, Depends(_sessions)]
Config = Annotated[Settings, Depends(_settings)]
Limited = Annotated[Limits, Depends(_limits)]
StreamSlot = Depends(stream_slot)
Orchestrator = Annotated[OrchestratorClient, Depends(_orchestrator)]
Gateway = Annotated[LtiClient, Depends(_gateway)]
Builder = Annotated[BuilderClient, Depends(_builder)]
Statuses = Annotated[StatusCache, Depends(_statuses)]
CourseEtags = Annotated[KnownEtags, Depends(_course_etags)]
Events = Annotated[Feed, Depends(_feed)]
Changes = Annotated[ChangeLog, Depends(_change_log)]
Ended = Annotated[EndedSessions, Depends(_ended)]
Passwords = Annotated[Vault, Depends(_vault)]
"""Seals and opens secrets at rest: passwords of environments, secrets of webhooks."""
Recipes = Annotated[Catalogue, Depends(_catalogue)]
