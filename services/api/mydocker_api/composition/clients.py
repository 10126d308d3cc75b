"""HTTP clients of the other services."""

from dataclasses import dataclass

from mydocker_kit.clients import builder, lti, orchestrator
from mydocker_kit.clock import Clock
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity

from ..settings import Settings


@dataclass(frozen=True)
class Clients:
    """One client per service; each keeps its own connections."""

    orchestrator: orchestrator.OrchestratorClient
    builder: builder.BuilderClient
    gateway: lti.LtiClient

    async def aclose(self) -> None:
        """Close every connection."""
        for client in (self.orchestrator, self.builder, self.gateway):
            await client.aclose()


def open_clients(settings: Settings, identity: ServiceIdentity, clock: Clock) -> Clients:
    """Clients that authenticate as `identity`; nothing is connected yet."""

    def client(url: str, audience: str) -> ServiceClient:
        return ServiceClient(url, audience, identity, clock)

    return Clients(
        orchestrator.OrchestratorClient(client(settings.orchestrator_url, orchestrator.AUDIENCE)),
        builder.BuilderClient(client(settings.builder_url, builder.AUDIENCE)),
        lti.LtiClient(client(settings.lti_url, lti.AUDIENCE)),
    )
