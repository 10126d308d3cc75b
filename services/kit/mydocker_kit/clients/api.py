"""What people may do."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from pydantic import SecretStr, TypeAdapter

from ..contracts.base import Page
from ..contracts.bastion.desktops import DesktopTarget, DesktopVisit
from ..contracts.bastion.ssh import (
    SshAsked,
    SshGuess,
    SshKeyShown,
    SshPassword,
    SshPresence,
    SshTarget,
    SshVerdict,
)
from ..contracts.bastion.streams import WebSessionQuery
from ..contracts.gateway.launches import Arrival, CourseItem, Launch
from ..contracts.gateway.sign_ins import AccountName, LinkRequest, NewOperator, Operator, SignIn
from ..http import ServiceClient

AUDIENCE = "mydocker-api"
BASTION = "mydocker-bastion"
"""The caller that may ask where a login name leads."""
_ITEMS = TypeAdapter(list[CourseItem])
_OPERATORS = TypeAdapter(Page[Operator])
_PRESENT = TypeAdapter(list[SshPresence])
_IDS = TypeAdapter(list[UUID])


class ApiClient:
    """Calls to api; every one may be repeated."""

    def __init__(self, service: ServiceClient) -> None:
        self._service = service

    async def put_launch(self, launch: Launch) -> Arrival:
        """Hand over one verified launch; the same id twice gives the same answer."""
        response = await self._service.call(
            "PUT", f"/internal/launches/{launch.id}", json=launch.model_dump(mode="json")
        )
        return Arrival.model_validate_json(response.content)

    async def put_sign_in(self, sign_in: SignIn) -> Arrival:
        """Hand over one verified sign-in; the same id twice gives the same answer."""
        body = sign_in.model_dump(mode="json")
        response = await self._service.call("PUT", f"/internal/sign-ins/{sign_in.id}", json=body)
        return Arrival.model_validate_json(response.content)

    async def put_link_request(self, link: LinkRequest) -> None:
        """Keep what somebody proved until they decide; nothing is linked by this."""
        body = link.model_dump(mode="json")
        await self._service.call("PUT", f"/internal/link-requests/{link.id}", json=body)

    async def account_name(self, user_id: UUID) -> AccountName:
        """How this account is called."""
        response = await self._service.call("GET", f"/internal/accounts/{user_id}")
        return AccountName.model_validate_json(response.content)

    async def put_operator(self, operator: NewOperator) -> Operator:
        """Let this person operate the platform; who does already stays one."""
        body = operator.model_dump(mode="json")
        response = await self._service.call("PUT", "/internal/operators", json=body)
        return Operator.model_validate_json(response.content)

    async def operators(self, *, page: int = 1, page_size: int = 200) -> Page[Operator]:
        """Who operates the platform, longest first."""
        params = {"page": page, "page_size": page_size}
        response = await self._service.call("GET", "/internal/operators", params=params)
        return _OPERATORS.validate_json(response.content)

    async def remove_operator(self, user_id: UUID) -> None:
        """Take the right to operate away; the person stays."""
        await self._service.call("DELETE", f"/internal/operators/{user_id}")

    async def course_items(
        self, user_id: UUID, course_ids: Sequence[UUID], launch_id: UUID | None = None
    ) -> list[CourseItem]:
        """What a deep link says about these Courses; 403 when the person may not publish one.

        `launch_id`: the deep linking launch, whose course space the link goes to.
        """
        body: dict[str, object] = {
            "user_id": str(user_id),
            "course_ids": [str(id) for id in course_ids],
        }
        if launch_id is not None:
            body["launch_id"] = str(launch_id)
        response = await self._service.call("POST", "/internal/course-items", json=body)
        return _ITEMS.validate_json(response.content)

    async def ssh_target(self, login: str, port: int | None) -> SshTarget:
        """Where a login name leads; 404 when nothing with an SSH port bears it."""
        response = await self._service.call(
            "GET", f"/internal/ssh/{login}", params={} if port is None else {"port": port}
        )
        return SshTarget.model_validate_json(response.content)

    async def ssh_password(self, login: str, fingerprint: str) -> SecretStr:
        """The environment's password, for an owner who proved to hold a registered key."""
        body = SshKeyShown(fingerprint=fingerprint).model_dump(mode="json")
        response = await self._service.call("POST", f"/internal/ssh/{login}/password", json=body)
        return SecretStr(SshPassword.model_validate_json(response.content).password)

    async def ssh_guess(self, login: str, password: str) -> bool:
        """Whether the platform gave the environment this password."""
        body = SshGuess(password=password).model_dump(mode="json")
        response = await self._service.call("POST", f"/internal/ssh/{login}/guess", json=body)
        return SshVerdict.model_validate_json(response.content).is_right

    async def ssh_present(self, environment_ids: Sequence[UUID]) -> list[SshPresence]:
        """Which of these run, for owners who may use them."""
        body = SshAsked(environment_ids=tuple(environment_ids)).model_dump(mode="json")
        response = await self._service.call("POST", "/internal/ssh-present", json=body, tries=1)
        return _PRESENT.validate_json(response.content)

    async def ended_web_sessions(self, web_session_ids: Sequence[UUID]) -> list[UUID]:
        """Which of these web sessions are over."""
        body = WebSessionQuery(web_session_ids=tuple(web_session_ids)).model_dump(mode="json")
        response = await self._service.call(
            "POST", "/internal/ended-web-sessions", json=body, tries=1
        )
        return _IDS.validate_json(response.content)

    async def desktop(self, visit: DesktopVisit) -> DesktopTarget:
        """Where a desktop is; 404 when there is none, 409 while it does not run."""
        body = visit.model_dump(mode="json")
        response = await self._service.call("POST", "/internal/desktops", json=body)
        return DesktopTarget.model_validate_json(response.content)

    async def build_context(self, digest: str) -> AsyncIterator[bytes]:
        """The files of a build context, as a tar archive."""
        async for data in self._service.download(f"/internal/build-contexts/{digest}"):
            yield data

    async def aclose(self) -> None:
        await self._service.aclose()
