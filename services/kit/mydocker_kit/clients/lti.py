"""Who you are: the gateway, as other services see it."""

from collections.abc import AsyncIterator
from uuid import UUID

from ..contracts.launches import ContextRole
from ..contracts.refusals import RefusalPage, RefusedEntry
from ..contracts.rosters import ContextKey, RosterPage
from ..contracts.scores import Score, ScoreStatus
from ..contracts.sessions import EndedSession, EndPerson, SessionEnd
from ..http import ServiceClient
from ..sse import follow

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

    async def ended_sessions(self, after: int = 0) -> AsyncIterator[EndedSession]:
        """Web sessions that ended after number `after`, half a day back at most, for ever."""
        async for _, _, data in follow(self._service, "/internal/ended-sessions", after):
            yield EndedSession.model_validate(data)

    async def end_sessions_of(self, user_id: UUID, reason: SessionEnd) -> None:
        """End every web session of this person."""
        body = EndPerson(reason=reason).model_dump(mode="json")
        await self._service.call("POST", f"/internal/people/{user_id}/end-sessions", json=body)

    async def refusals(
        self, *, reason: str | None, search: str, page: int, page_size: int
    ) -> RefusalPage:
        """Refused entries, newest first."""
        asked = {"search": search, "page": page, "page_size": page_size}
        params = {**asked, **({"reason": reason} if reason else {})}
        response = await self._service.call("GET", "/internal/refusals", params=params)
        return RefusalPage.model_validate_json(response.content)

    async def refusal(self, reference: str) -> RefusedEntry:
        """The refusal behind a reference; `NotFound` (`refusal_unknown`)."""
        response = await self._service.call("GET", f"/internal/refusals/{reference}")
        return RefusedEntry.model_validate_json(response.content)

    async def aclose(self) -> None:
        await self._service.aclose()
