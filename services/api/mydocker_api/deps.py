"""What endpoints may ask for: the person who calls, the clock, and the doors to other services.

All are `async`: FastAPI sends the others through a thread each, half a millisecond a piece. And
those of nearly every endpoint ask no other: each one in a chain costs as much as a small answer.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from mydocker_kit.clients.api import BASTION
from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.clients.lti import AUDIENCE as GATEWAY
from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.db import Sessions
from mydocker_kit.dependencies import CallingService, Db, Now, bearer
from mydocker_kit.errors import Forbidden
from mydocker_kit.tokens import AccessToken

from .auth.revocations import EndedSessions
from .auth.service import caller
from .domain.policy import Person, must_operate
from .feed import Feed
from .limits import Limits
from .orchestration.status_cache import LiveEnvironments
from .paging import Paging
from .settings import Settings

__all__ = [
    "Builder",
    "Config",
    "CurrentPerson",
    "Db",
    "Ended",
    "Events",
    "FromBastion",
    "FromGateway",
    "Gateway",
    "Limited",
    "Live",
    "Now",
    "Operator",
    "Orchestrator",
    "Paged",
    "SessionsOf",
    "StreamSlot",
    "Token",
]


async def access_token(request: Request) -> AccessToken:
    """The caller's access token: signed by the gateway, and its web session not ended since."""
    state = request.app.state
    checked: AccessToken = await state.access_keys.check(bearer(request), state.clock())
    state.ended.check(checked.web_session_id)
    return checked


Token = Annotated[AccessToken, Depends(access_token)]


async def current_person(request: Request) -> Person:
    """Who calls. Nothing of the database is held while the endpoint works."""
    token = await access_token(request)
    return await caller(request.app.state.sessions, token.user_id)


async def operator(person: Annotated[Person, Depends(current_person)]) -> Person:
    """Who calls, when they operate this platform; refuses everybody else."""
    must_operate(person)
    return person


async def from_gateway(caller: CallingService) -> None:
    """Only the gateway may say who somebody is."""
    if caller != GATEWAY:
        raise Forbidden(f"{caller} may not hand over launches")


async def from_bastion(caller: CallingService) -> None:
    """Only the bastion may ask for the way by SSH."""
    if caller != BASTION:
        raise Forbidden(f"{caller} may not ask for the way by SSH")


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _limits(request: Request) -> Limits:
    limits: Limits = request.app.state.limits
    return limits


async def stream_slot(request: Request, token: Token) -> AsyncIterator[None]:
    """Room for one more event stream of this person, until it ends."""
    async for _ in request.app.state.limits.stream_of(token.user_id):
        yield


async def _sessions(request: Request) -> Sessions:
    sessions: Sessions = request.app.state.sessions
    return sessions


async def _orchestrator(request: Request) -> OrchestratorClient:
    client: OrchestratorClient = request.app.state.orchestrator
    return client


async def _gateway(request: Request) -> LtiClient:
    client: LtiClient = request.app.state.gateway
    return client


async def _builder(request: Request) -> BuilderClient:
    client: BuilderClient = request.app.state.builder
    return client


async def _live(request: Request) -> LiveEnvironments:
    live: LiveEnvironments = request.app.state.live
    return live


async def _feed(request: Request) -> Feed:
    feed: Feed = request.app.state.feed
    return feed


async def _ended(request: Request) -> EndedSessions:
    ended: EndedSessions = request.app.state.ended
    return ended


Paged = Annotated[Paging, Depends()]
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
Live = Annotated[LiveEnvironments, Depends(_live)]
Events = Annotated[Feed, Depends(_feed)]
Ended = Annotated[EndedSessions, Depends(_ended)]
