"""A small campus: people who launch from the LMS and call the api with their own tokens."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import update

from mydocker_api.composition.services import Services
from mydocker_api.models import User
from mydocker_kit.clients.api import ApiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import (
    Arrival,
    ContextRole,
    LandingKind,
    Launch,
    LaunchContext,
    LaunchKind,
    LaunchPerson,
)
from mydocker_kit.ids import environment_id
from mydocker_kit.outgoing.certificates import trusted_certificates
from mydocker_kit.postgres.db import transaction
from tests.support.fakes.builder import FakeBuilder
from tests.support.fakes.gateway import FakeGateway
from tests.support.fakes.orchestrator import FakeOrchestrator

ISSUER = "https://moodle.example"
REGISTRATION = UUID("11111111-1111-4111-8111-111111111111")
DATABASES = LaunchContext(
    registration_id=REGISTRATION, deployment_id="1", context_id="7", title="Databases"
)
WEB = {"title": "JupyterLab", "kind": "web", "number": 8888}
SSH = {"title": "Terminal", "kind": "ssh", "number": 22}


@dataclass
class Person:
    """Somebody signed in, with a client that speaks for them."""

    id: UUID
    arrival: Arrival
    http: httpx.AsyncClient
    web_session_id: UUID = field(default_factory=uuid4)

    async def get(self, path: str, **kwargs: Any) -> Any:
        return checked(await self.http.get(path, **kwargs))

    async def post(self, path: str, body: Any = None, **kwargs: Any) -> Any:
        return checked(await self.http.post(path, json=body, **kwargs))

    async def put(self, path: str, body: Any, *, of: str | None = None) -> Any:
        """An edit of the current version of the resource at `of`, else at `path`."""
        headers = await self._if_match(of or path)
        return checked(await self.http.put(path, json=body, headers=headers))

    async def delete(self, path: str) -> None:
        response = await self.http.delete(path, headers=await self._if_match(path))
        assert response.status_code == 204, response.text

    async def change_status(self, course: str, status: str) -> Any:
        """Open, take back or archive a Course as it is now."""
        path = f"/api/courses/{course}"
        headers = await self._if_match(path)
        return await self.post(f"{path}/status", {"status": status}, headers=headers)

    async def refused(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Status and code of a call that must not work, whatever the version of the resource."""
        response = await self.http.request(method, path, json=body, headers={"If-Match": "*"})
        assert response.status_code >= 400, response.text
        return response.status_code, response.json()["code"]

    async def _if_match(self, path: str) -> dict[str, str]:
        etag = (await self.http.get(path)).headers.get("ETag")
        return {"If-Match": etag} if etag else {}


def checked(response: httpx.Response) -> Any:
    assert response.is_success, response.text
    return response.json()


@dataclass
class Campus:
    """The api and everything around it."""

    address: str
    gateway_client: ApiClient
    gateway: FakeGateway
    orchestrator: FakeOrchestrator
    builder: FakeBuilder
    app: Any
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def services(self) -> Services:
        """The api's own objects: its loops' steps, its limits, its cache."""
        services: Services = self.app.state.services
        return services

    async def launch(
        self,
        subject: str,
        role: ContextRole = ContextRole.STUDENT,
        *,
        course: str | None = None,
        signed: bool = True,
        former: Sequence[UUID] = (),
        kind: LaunchKind = LaunchKind.RESOURCE_LINK,
        link: str | None = "activity-1",
        context: LaunchContext | None = DATABASES,
        custom: dict[str, str] | None = None,
        id: UUID | None = None,
        name: str | None = None,
        email: str | None = None,
        issuer: str = ISSUER,
        keep: bool = False,
    ) -> Person:
        """Somebody clicks an activity; with `keep`, what they had open stays open."""
        arrival = await self.gateway_client.put_launch(
            Launch(
                id=id or uuid4(),
                kind=kind,
                person=LaunchPerson(
                    issuer=issuer, subject=subject, name=name, email=email, locale="fr-FR"
                ),
                context=context,
                role=role,
                resource_link_id=link if kind is LaunchKind.RESOURCE_LINK else None,
                course_id=UUID(course) if course else None,
                course_signed=signed and course is not None,
                former_registrations=list(former),
                custom=custom or {},
            )
        )
        person = self.signed_in(arrival)
        key = subject if issuer == ISSUER else f"{issuer} {subject}"
        if key in self.people and keep:
            self.people[f"{key} before {person.web_session_id}"] = self.people[key]
        elif key in self.people:
            await self.people[key].http.aclose()
        self.people[key] = person
        return person

    def signed_in(self, arrival: Arrival) -> Person:
        session = uuid4()
        token = self.gateway.token(arrival.user_id, utc_now(), web_session_id=session)
        http = httpx.AsyncClient(
            base_url=self.address,
            verify=trusted_certificates(),
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            timeout=100,
        )
        return Person(arrival.user_id, arrival, http, session)

    async def teacher(
        self, subject: str = "grace", *, builds: bool = True, **launch: Any
    ) -> Person:
        """A teacher; an operator has let them build images, unless said otherwise."""
        launch = {"email": f"{subject}@example.org", **launch}
        person = await self.launch(
            subject, ContextRole.TEACHER, link="from-dashboard", name=subject.title(), **launch
        )
        if builds:
            await self.grant(person, may_build_since=utc_now())
        return person

    async def operator(self, subject: str = "olga") -> Person:
        """Somebody whom the command has made an operator."""
        person = await self.launch(
            subject, ContextRole.NONE, link=None, context=None, name=subject.title()
        )
        await self.grant(person, operator_since=utc_now())
        return person

    async def grant(self, person: Person, **facts: datetime | None) -> None:
        """What is not for people themselves to say."""
        async with transaction(self.app.state.sessions) as db:
            await db.execute(update(User).where(User.id == person.id).values(**facts))

    async def student(self, course: str, subject: str = "ada") -> Person:
        person = await self.launch(subject, course=course)
        assert person.arrival.landing.kind is LandingKind.WINDOW
        return person

    async def built_image(self, teacher: Person, **changes: Any) -> tuple[str, str]:
        """An Image with a Build that succeeded: their ids."""
        image = await teacher.post("/api/images", an_image(**changes))
        build = await teacher.post(f"/api/images/{image['id']}/builds")
        return image["id"], build["id"]

    async def course(self, teacher: Person, **changes: Any) -> str:
        """A Course that is ready, with a Build to run: its id."""
        if "build_id" not in changes:
            _, changes["build_id"] = await self.built_image(teacher)
        created = await teacher.post("/api/courses", a_course(**changes))
        return str(created["id"])

    def environment(self, course: str, person: Person) -> UUID:
        return environment_id(UUID(course), person.id)


def an_image(**changes: Any) -> dict[str, Any]:
    return {
        "title": "OpenSSL practice",
        "dockerfile": "FROM debian:12\r\nRUN true\r\n",
        "wrapper": "#!/bin/sh\r\nexec sleep 1\r\n",
        "ports": [WEB, SSH],
        **changes,
    }


def a_course(**changes: Any) -> dict[str, Any]:
    return {"title": "Cryptography", "status": "ready", "ports": [SSH, WEB], **changes}


def a_session(starts_in: timedelta, lasts: timedelta, **changes: Any) -> dict[str, Any]:
    starts = utc_now() + starts_in
    return {
        "title": "TP 1",
        "students": 20,
        "starts_at": starts.isoformat(),
        "ends_at": (starts + lasts).isoformat(),
        **changes,
    }


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
