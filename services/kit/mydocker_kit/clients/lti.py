"""Who you are: the gateway, as other services see it."""

from collections.abc import AsyncIterator
from uuid import UUID

from pydantic import TypeAdapter

from ..contracts.base import Page
from ..contracts.cursors import Parameters
from ..contracts.gateway.invitations import (
    InvitationOrder,
    InvitationSort,
    InvitationStatus,
    NewInvitation,
)
from ..contracts.gateway.launches import ContextRole
from ..contracts.gateway.platforms import (
    ByOperator,
    DeploymentOrder,
    JournalSort,
    PlatformAct,
    PlatformChange,
    PlatformEvent,
    PlatformNote,
    PlatformOrder,
    PlatformSort,
    PlatformState,
    PlatformStatus,
    SeenKeys,
    ToolAddresses,
)
from ..contracts.gateway.refusals import RefusalPage, RefusalSort, RefusedEntry
from ..contracts.gateway.rosters import ContextKey, RosterPage
from ..contracts.gateway.scores import Score, ScoreStatus
from ..contracts.gateway.sessions import EndedSession, EndPerson, SessionEnd
from ..contracts.gateway.signing_keys import KeyOrder, OwnKey
from ..etags import IfMatch
from ..http import ServiceClient
from ..sse import follow

AUDIENCE = "mydocker-lti-gateway"
_PLATFORMS = TypeAdapter(Page[PlatformStatus])
_INVITATIONS = TypeAdapter(Page[InvitationStatus])
_CHANGES = TypeAdapter(list[PlatformChange])
_EVENTS = TypeAdapter(Page[PlatformEvent])
_ISSUERS = TypeAdapter(list[str])
_OWN_KEYS = TypeAdapter(list[OwnKey])


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
        max_age: int = 300,
    ) -> RosterPage:
        """Members of a course space, as its platform listed them within `max_age` seconds.

        `NotFound` (`roster_not_offered`) when its platform offers none, `Unavailable` when it does
        not answer and nothing recent is known.
        """
        params = {
            "deployment_id": context.deployment_id,
            "context_id": context.context_id,
            "page": page,
            "page_size": page_size,
            "max_age": max_age,
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
        self,
        *,
        asked: Parameters,
        reason: str | None,
        platform_id: UUID | None = None,
        sort: RefusalSort = RefusalSort.NEWEST,
    ) -> RefusalPage:
        """Refused entries."""
        params: dict[str, str | int] = {**asked, "sort": sort}
        if reason:
            params["reason"] = reason
        if platform_id:
            params["platform_id"] = str(platform_id)
        response = await self._service.call("GET", "/internal/refusals", params=params)
        return RefusalPage.model_validate_json(response.content)

    async def refusal(self, reference: str) -> RefusedEntry:
        """The refusal behind a reference; `NotFound` (`refusal_unknown`)."""
        response = await self._service.call("GET", f"/internal/refusals/{reference}")
        return RefusedEntry.model_validate_json(response.content)

    async def platforms(
        self,
        asked: Parameters,
        state: PlatformState | None = None,
        sort: PlatformSort = PlatformSort.NAME,
    ) -> Page[PlatformStatus]:
        """Platforms; `search` looks into name, issuer and client id."""
        params: dict[str, str | int] = {**asked, "sort": sort}
        if state is not None:
            params["state"] = state.value
        response = await self._service.call("GET", "/internal/platforms", params=params)
        return _PLATFORMS.validate_json(response.content)

    async def platform(self, id: UUID) -> PlatformStatus:
        response = await self._service.call("GET", f"/internal/platforms/{id}")
        return PlatformStatus.model_validate_json(response.content)

    async def put_platform(
        self, id: UUID, order: PlatformOrder, if_match: IfMatch | None = None
    ) -> PlatformStatus:
        """Add a platform under this id, or change it.

        `if_match`: and refuse where it is in another version (`EditedMeanwhile`).
        """
        return await self._ordered("PUT", f"/internal/platforms/{id}", order, if_match)

    async def act_on_platform(self, id: UUID, act: PlatformAct, by: ByOperator) -> PlatformStatus:
        """Approve, enable or disable; doing it again changes nothing."""
        return await self._ordered("POST", f"/internal/platforms/{id}/{act}", by)

    async def put_deployment(
        self, id: UUID, order: DeploymentOrder, if_match: IfMatch | None = None
    ) -> PlatformStatus:
        """Add, enable or disable one deployment of a platform; `if_match` as for the platform."""
        path = f"/internal/platforms/{id}/deployments"
        return await self._ordered("PUT", path, order, if_match)

    async def invitations(
        self, asked: Parameters, sort: InvitationSort = InvitationSort.NEWEST
    ) -> Page[InvitationStatus]:
        """Invitations; `search` looks at whom they are for."""
        params = {**asked, "sort": sort}
        response = await self._service.call("GET", "/internal/invitations", params=params)
        return _INVITATIONS.validate_json(response.content)

    async def invite(self, order: InvitationOrder) -> NewInvitation:
        """A fresh invitation; each call makes one."""
        body = order.model_dump(mode="json")
        response = await self._service.call("POST", "/internal/invitations", tries=1, json=body)
        return NewInvitation.model_validate_json(response.content)

    async def withdraw_invitation(self, id: UUID, by: ByOperator) -> InvitationStatus:
        """`Conflict` (`invitation_used`) when a platform registered with it."""
        path, body = f"/internal/invitations/{id}/withdraw", by.model_dump(mode="json")
        response = await self._service.call("POST", path, json=body)
        return InvitationStatus.model_validate_json(response.content)

    async def platform_events(
        self, id: UUID, asked: Parameters, sort: JournalSort = JournalSort.NEWEST
    ) -> Page[PlatformEvent]:
        """The journal of a platform; `search` looks at what was done."""
        params = {**asked, "sort": sort}
        path = f"/internal/platforms/{id}/events"
        response = await self._service.call("GET", path, params=params)
        return _EVENTS.validate_json(response.content)

    async def platform_changes(self, after: int) -> list[PlatformChange]:
        """The next lines of all journals after number `after`, a few seconds after they happen."""
        response = await self._service.call(
            "GET", "/internal/platform-changes", params={"after": after}
        )
        return _CHANGES.validate_json(response.content)

    async def note_on_platform(self, id: UUID, note: PlatformNote) -> None:
        """Write a line into the journal of a platform."""
        body, path = note.model_dump(mode="json"), f"/internal/platforms/{id}/events"
        await self._service.call("POST", path, tries=1, json=body)

    async def earlier_issuers(self, id: UUID) -> list[str]:
        """Issuers by which this platform's people may have been known before."""
        response = await self._service.call("GET", f"/internal/platforms/{id}/earlier-issuers")
        return _ISSUERS.validate_json(response.content)

    async def platform_keys(self, id: UUID) -> SeenKeys:
        """The keys of a platform as last fetched."""
        response = await self._service.call("GET", f"/internal/platforms/{id}/keys")
        return SeenKeys.model_validate_json(response.content)

    async def fetch_platform_keys(self, id: UUID) -> SeenKeys:
        """Fetch them now; once in five seconds at most."""
        response = await self._service.call("POST", f"/internal/platforms/{id}/keys")
        return SeenKeys.model_validate_json(response.content)

    async def tool_addresses(self) -> ToolAddresses:
        """Where platforms find us."""
        response = await self._service.call("GET", "/internal/tool")
        return ToolAddresses.model_validate_json(response.content)

    async def own_keys(self) -> list[OwnKey]:
        """Our signing keys, newest first; those long over are left out."""
        response = await self._service.call("GET", "/internal/signing-keys")
        return _OWN_KEYS.validate_json(response.content)

    async def rotate_key(self, order: KeyOrder) -> list[OwnKey]:
        """A new key; `Conflict` (`key_waits`) while one waits for its turn."""
        body = order.model_dump(mode="json")
        path = "/internal/signing-keys"
        response = await self._service.call("POST", path, tries=1, json=body)
        return _OWN_KEYS.validate_json(response.content)

    async def retire_key(self, kid: str, by: ByOperator) -> list[OwnKey]:
        """Publish it no more; `Conflict` (`key_signs`) for the one that signs."""
        body, path = by.model_dump(mode="json"), f"/internal/signing-keys/{kid}/retire"
        response = await self._service.call("POST", path, json=body)
        return _OWN_KEYS.validate_json(response.content)

    async def _ordered(
        self, method: str, path: str, order: ByOperator, if_match: IfMatch | None = None
    ) -> PlatformStatus:
        body = order.model_dump(mode="json")
        # Repeated after a lost answer, it would be refused by its own first change.
        tries, condition = (1, {"If-Match": str(if_match)}) if if_match else (3, {})
        response = await self._service.call(method, path, tries=tries, headers=condition, json=body)
        return PlatformStatus.model_validate_json(response.content)

    async def aclose(self) -> None:
        await self._service.aclose()
