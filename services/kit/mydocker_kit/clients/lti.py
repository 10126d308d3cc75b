"""Who you are: the gateway, as other services see it."""

from uuid import UUID

from ..contracts.launches import ContextRole
from ..contracts.rosters import ContextKey, RosterPage
from ..contracts.scores import Score, ScoreStatus
from ..http import ServiceClient

AUDIENCE = "mydocker-lti-gateway"


class LtiClient:
    """Calls to the gateway."""

    def __init__(self, service: ServiceClient) -> None:
        self._service = service

    async def access_keys(self) -> dict[str, object]:
        """The public keys (JWK Set) that people's access tokens are signed with."""
        response = await self._service.call("GET", "/internal/access-keys")
        keys: dict[str, object] = response.json()
        return keys

    async def members(
        self,
        context: ContextKey,
        *,
        role: ContextRole | None = None,
        page: int = 1,
        page_size: int = 200,
    ) -> RosterPage:
        """Members of a course space.

        `NotFound` (`roster_not_offered`) when its platform offers none, `Unavailable` when it does
        not answer and nothing recent is known.
        """
        params = {
            "deployment_id": context.deployment_id,
            "context_id": context.context_id,
            "page": page,
            "page_size": page_size,
            **({"role": role.value} if role else {}),
        }
        path = f"/internal/contexts/{context.registration_id}/members"
        response = await self._service.call("GET", path, params=params)
        return RosterPage.model_validate_json(response.content)

    async def put_score(self, id: UUID, score: Score) -> ScoreStatus:
        """Queue this score, once; `Conflict` (`grades_not_offered`) when its link takes none."""
        body = score.model_dump(mode="json")
        response = await self._service.call("PUT", f"/internal/scores/{id}", json=body)
        return ScoreStatus.model_validate_json(response.content)

    async def score(self, id: UUID) -> ScoreStatus:
        response = await self._service.call("GET", f"/internal/scores/{id}")
        return ScoreStatus.model_validate_json(response.content)

    async def aclose(self) -> None:
        await self._service.aclose()
