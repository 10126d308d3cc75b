"""A database that goes away under traffic brings no secret into any log of any service."""

import asyncio
import json
import signal
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest

from mydocker_api.access import port_tokens
from mydocker_api.domain.edge import labels
from mydocker_kit.clock import utc_now
from mydocker_kit.observability.log_safety import LARGEST_EVENT
from tests.orchestrator.specs import a_spec
from tests.outages.platform import (
    CONTENT,
    COOKIE_KEY,
    DATABASE_PASSWORD,
    Platform,
    host_of,
)

pytestmark = pytest.mark.timeout(600)
ROUNDS = 3


@dataclass
class Traffic:
    """Requests full of secrets, again and again."""

    platform: Platform
    token: str
    refresh: str
    secrets: dict[str, str] = field(default_factory=dict)
    refused: asyncio.Event = field(default_factory=asyncio.Event)

    def secret(self, kind: str) -> str:
        """A value of its own, to be looked for; long enough to stand nowhere by chance."""
        return self.secrets.setdefault(kind, f"canary-{len(self.secrets)}-{uuid4().hex}")

    async def send(self, method: str, service: str, path: str, **how: Any) -> None:
        url = self.platform.url(service, path)
        answer = await self.platform.http.request(method, url, **how)
        assert answer.status_code < 500 or answer.status_code == 503, (path, answer.text)
        if "database_unavailable" in answer.text:
            self.refused.set()

    async def everything_once(self) -> None:
        requests = (self.by_people(), self.by_platforms(), self.by_services())
        await asyncio.gather(*(send for group in requests for send in group))

    def by_people(self) -> list[Any]:
        own = {"X-MyDocker": "1"}
        person = {"Authorization": f"Bearer {self.token}"}
        cookie = {**own, "Cookie": self.refresh}
        secrets_held = {"refresh_token": self.secret("refresh token in memory")}
        course = {
            "title": "Course",
            "command": f"serve --password {self.secret('password in a command')}",
        }
        dockerfile = f"FROM debian:12\nENV KEY={self.secret('key in a Dockerfile')}\n"
        image = {"title": "Image", "dockerfile": dockerfile, "wrapper": "", "ports": []}
        key = {"title": "k", "public_key": self.secret("SSH key")}
        return [
            self.send("POST", "lti-gateway", "/lti/tokens/refresh", headers=cookie),
            self.send("POST", "lti-gateway", "/lti/tokens/refresh", headers=own, json=secrets_held),
            self.send(
                "POST", "lti-gateway", "/lti/tickets", json={"ticket": self.secret("ticket")}
            ),
            self.send(
                "POST",
                "lti-gateway",
                "/lti/entry-links",
                headers=own,
                json={"link": self.secret("entry link")},
            ),
            self.send("GET", "api", "/api/me", headers=person),
            self.send("POST", "api", "/api/courses", headers=person, json=course),
            self.send("POST", "api", "/api/images", headers=person, json=image),
            self.send("POST", "api", "/api/ssh-keys", headers=person, json=key),
            self.send("GET", "api", "/api/people", headers=person, params={"search": "x" * 200}),
            self.enter(),
        ]

    def enter(self) -> Any:
        """A pass for an environment that nobody used yet."""
        environment = uuid4()
        label = labels.label(COOKIE_KEY.encode(), environment, 8888)
        ticket = port_tokens.issue(
            COOKIE_KEY, port_tokens.Kind.TICKET, uuid4(), environment, 8888, uuid4(), utc_now()
        )
        self.secrets[f"pass {environment}"] = ticket
        headers = {"X-Forwarded-Host": f"{label}.{host_of(CONTENT)}"}
        return self.send("POST", "api", "/access/enter", headers=headers, data={"ticket": ticket})

    def by_platforms(self) -> list[Any]:
        answer = {"id_token": self.secret("id_token"), "state": self.secret("state")}
        provider = f"/lti/sign-in/school/callback?code={self.secret('code')}&state=s"
        invitation = self.secret("invitation")
        return [
            self.send("POST", "lti-gateway", "/lti/launch", data=answer),
            self.send("GET", "lti-gateway", provider),
            self.send("GET", "lti-gateway", "/lti/sign-in/school"),
            self.send("GET", "lti-gateway", f"/lti/register?invitation={quote(invitation)}"),
        ]

    def by_services(self) -> list[Any]:
        spec = a_spec()
        body = spec.model_dump(mode="json")
        body["credentials"]["password"] = self.secret("password of an environment")
        body["arguments"] = [self.secret("argument")]
        person = {"issuer": "https://lms.example", "subject": "7", "name": self.secret("name")}
        launch_id, link_id = uuid4(), uuid4()
        launch = {
            "id": str(launch_id),
            "kind": "resource_link",
            "person": person,
            "role": "student",
        }
        link = {
            "id": str(link_id),
            "user_id": str(uuid4()),
            "web_session_id": str(uuid4()),
            "person": {**person, "name": self.secret("link code")},
        }
        build = {
            "image_id": str(uuid4()),
            "author_id": str(uuid4()),
            "number": 1,
            "repository": "an-image",
            "dockerfile": f"FROM debian:12\nENV KEY={self.secret('key in a build')}\n",
        }
        guess = {"password": self.secret("guessed password")}

        def inside(method: str, service: str, path: str, body: object, caller: str = "") -> Any:
            headers = self.platform.service_token(service, caller or None)
            self.secrets[f"service token for {path}"] = headers["Authorization"].split()[1]
            return self.send(method, service, path, headers=headers, json=body)

        return [
            inside("PUT", "orchestrator", f"/environments/{uuid4()}", body),
            inside("PUT", "builder", f"/builds/{uuid4()}", build),
            inside("PUT", "api", f"/internal/launches/{launch_id}", launch),
            inside("PUT", "api", f"/internal/link-requests/{link_id}", link),
            inside("POST", "api", "/internal/ssh/ada_lab/guess", guess, "mydocker-bastion"),
        ]


async def test_no_log_holds_a_secret(everything: Platform) -> None:
    token, refresh = await everything.operator("Nora")
    traffic = Traffic(everything, token, refresh)
    traffic.secrets |= {
        "access token": token,
        "refresh token": refresh.partition("=")[2],
        "cookie key": COOKIE_KEY,
        "password of the database": DATABASE_PASSWORD,
        "client secret": everything.client_secret,
        "key of api": everything.variables["api"]["MYDOCKER_SERVICE_KEY"].splitlines()[1],
        "vault key": everything.variables["api"]["MYDOCKER_VAULT_KEYS"],
    }
    over = False

    async def again_and_again() -> None:
        while not over:
            await traffic.everything_once()

    await traffic.everything_once()
    assert not traffic.refused.is_set()
    going = asyncio.create_task(again_and_again())
    for number in range(ROUNDS):
        traffic.refused.clear()
        how = signal.SIGQUIT if number % 2 else signal.SIGINT
        await asyncio.to_thread(everything.database.stop, how)
        refused = asyncio.create_task(traffic.refused.wait())
        await asyncio.wait([refused, going], return_when=asyncio.FIRST_COMPLETED)
        assert not going.done() or going.result()
        await asyncio.to_thread(everything.database.start)
        url = everything.url("api", "/health/ready")
        await everything.until_answered("GET", url, {})
    over = True
    await going
    logs = everything.logs()
    leaks = {
        f"{kind} in the log of {service}"
        for service, log in logs.items()
        for kind, secret in traffic.secrets.items()
        if secret in log or quote(secret) in log
    }
    assert leaks == set()
    assert all(len(secret) >= 16 for secret in traffic.secrets.values())
    for service in everything.programs:
        for line in logs[service].splitlines():
            assert len(line) < LARGEST_EVENT, (service, line[:200])
            assert json.loads(line)["event"], "every line is an event, also of libraries"


async def test_an_answer_of_an_outage_tells_nothing_of_the_inside(everything: Platform) -> None:
    await asyncio.to_thread(everything.database.stop)
    async with httpx.AsyncClient(trust_env=False) as http:
        url = everything.url("lti-gateway", "/lti/framing")
        answer = await http.get(url)
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert DATABASE_PASSWORD not in answer.text
    assert str(everything.database.folder) not in answer.text
