"""All services of the platform as processes over one PostgreSQL; no engine answers any of them."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncssh
import httpx
from pydantic import SecretStr

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import (
    ContextRole,
    Launch,
    LaunchContext,
    LaunchKind,
    LaunchPerson,
)
from mydocker_kit.postgres import migrations
from mydocker_kit.tokens import ServiceIdentity
from tests.conftest import ROOT, SERVICES, ServiceKeys
from tests.edge import programs
from tests.edge.programs import Program
from tests.support.ports import reserved
from tests.support.postgresql import StoppableDatabase

STARTING = 240.0
"""Seconds: five programs import everything at once, beside whatever else runs."""
COOKIE_KEY = "cookie-key-of-the-outages-" + "c" * 40
DATABASE_PASSWORD = "canary-of-the-database-2f1c"
ISSUER = "https://lms.example"
APP = "http://localhost:8000"
CONTENT = "http://env.localhost:8000"
PACKAGES = {
    "orchestrator": "mydocker_orchestrator",
    "builder": "mydocker_builder",
    "lti-gateway": "mydocker_lti",
    "api": "mydocker_api",
    "bastion": "mydocker_bastion",
}
CALLERS = {
    "orchestrator": "mydocker-api",
    "builder": "mydocker-api",
    "lti-gateway": "mydocker-api",
    "api": "mydocker-lti-gateway",
}
"""Whose calls each service is used to."""


@dataclass
class Platform:
    """What a test holds."""

    database: StoppableDatabase
    programs: dict[str, Program]
    keys: ServiceKeys
    variables: dict[str, dict[str, str]]
    http: httpx.AsyncClient
    client_secret: str
    """Of the provider where people may sign in."""

    def url(self, service: str, path: str) -> str:
        return f"http://127.0.0.1:{self.programs[service].port}{path}"

    def service_token(self, service: str, caller: str | None = None) -> dict[str, str]:
        """Headers of a call by the service that is used to make such calls."""
        name = caller or CALLERS[service]
        pem = self.keys.private[name].get_secret_value()
        identity = ServiceIdentity.load(name, pem)
        return {"Authorization": f"Bearer {identity.token_for(f'mydocker-{service}', utc_now())}"}

    def logs(self) -> dict[str, str]:
        """What each service wrote so far."""
        texts = {name: program.log.read_text() for name, program in self.programs.items()}
        return texts | {"postgresql": (self.database.folder / "log").read_text()}

    async def operator(self, name: str = "Olga") -> tuple[str, str]:
        """The token of an operator, teacher too, who entered by a link; and what renews it."""
        subject = uuid4().hex
        link = await asyncio.to_thread(self._link, name, subject)
        launch = Launch(
            id=uuid4(),
            kind=LaunchKind.RESOURCE_LINK,
            person=LaunchPerson(issuer=ISSUER, subject=subject, name=name),
            context=LaunchContext(
                registration_id=uuid4(), deployment_id="1", context_id="c", title="Databases"
            ),
            role=ContextRole.TEACHER,
            resource_link_id="from-dashboard",
        )
        taught = await self.http.put(
            self.url("api", f"/internal/launches/{launch.id}"),
            headers=self.service_token("api"),
            json=launch.model_dump(mode="json"),
        )
        assert taught.is_success, taught.text
        answer = await self.http.post(
            self.url("lti-gateway", "/lti/entry-links"),
            json={"link": link},
            headers={"X-MyDocker": "1"},
        )
        assert answer.status_code == 200, answer.text
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        self.http.cookies.clear()  # every request says itself which cookie it sends
        return answer.json()["access_token"], cookie

    def _link(self, name: str, subject: str) -> str:
        who = ["--name", name, "--issuer", ISSUER, "--subject", subject]
        done = subprocess.run(
            [sys.executable, "-m", "mydocker_lti.commands", "admin", "create", *who],
            env=self.variables["lti-gateway"],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.rpartition("#link=")[2].strip()

    async def until_answered(self, method: str, url: str, headers: dict[str, str]) -> float:
        """Seconds until this is answered with success."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            answer = await self.http.request(method, url, headers=headers)
            if answer.is_success:
                return loop.time() - began
            assert loop.time() - began < STARTING, answer.text
            await asyncio.sleep(0.1)


@asynccontextmanager
async def platform(
    folder: Path, database: StoppableDatabase, keys: ServiceKeys, vault_keys: SecretStr
) -> AsyncIterator[Platform]:
    """All services at work, each with its migrations done."""
    # Nobody asks for the password; the services know one all the same.
    url = database.url("mydocker").replace("postgres@", f"postgres:{DATABASE_PASSWORD}@")
    database.run("CREATE DATABASE mydocker")
    for service in SERVICES:
        if (ROOT / "services" / service / "migrations/env.py").exists():
            # Alembic's environment runs an event loop of its own.
            await asyncio.to_thread(
                migrations.upgrade, ROOT / "services" / service / "migrations", url
            )
    async with AsyncExitStack() as stack:
        names = (*PACKAGES, "access")
        ports = dict(zip(names, stack.enter_context(reserved(len(names))), strict=True))
        variables = {name: _variables(name, url, ports, keys, vault_keys) for name in PACKAGES}
        client_secret = f"canary-of-a-provider-{uuid4().hex}"
        variables["lti-gateway"]["MYDOCKER_SIGN_IN_PROVIDERS"] = _providers(folder, client_secret)
        running = {
            name: programs.service(package, ports[name], variables[name], folder)
            for name, package in PACKAGES.items()
        }
        for program in running.values():
            program.start()
            stack.callback(program.end)
        for program in running.values():
            await program.await_open()
        # Services close a connection that rests for 5 s, perhaps just as it is used again.
        limits = httpx.Limits(
            max_connections=20, max_keepalive_connections=20, keepalive_expiry=1.0
        )
        http = await stack.enter_async_context(
            httpx.AsyncClient(trust_env=False, limits=limits, timeout=40)
        )
        everything = Platform(database, running, keys, variables, http, client_secret)
        await everything.until_answered("GET", everything.url("api", "/health/ready"), {})
        yield everything


def _variables(
    name: str, database: str, ports: dict[str, int], keys: ServiceKeys, vault_keys: SecretStr
) -> dict[str, str]:
    own: dict[str, str] = {
        "SERVICE_KEY": keys.private[f"mydocker-{name}"].get_secret_value(),
        "TRUSTED_SERVICE_KEYS": str(keys.folder),
        "DATABASE_URL": database,
        "VAULT_KEYS": vault_keys.get_secret_value(),
        "COOKIE_KEY": COOKIE_KEY,
        "APP_ORIGIN": APP,
        "USER_CONTENT_ORIGIN": CONTENT,
        "ENGINE_URL": "http://127.0.0.1:1",
        "BUILD_ENGINE_URL": "http://127.0.0.1:1",
        "ORCHESTRATOR_URL": f"http://127.0.0.1:{ports['orchestrator']}",
        "BUILDER_URL": f"http://127.0.0.1:{ports['builder']}",
        "LTI_URL": f"http://127.0.0.1:{ports['lti-gateway']}",
        "API_URL": f"http://127.0.0.1:{ports['api']}",
        "SSH_LISTEN_PORT": "0",
        "DESKTOP_LISTEN_PORT": "0",
        "STREAM_LISTEN_PORT": "0",
        "LOG_LEVEL": "DEBUG",
    }
    if name == "api":
        own["ACCESS_PORT"] = str(ports["access"])
    if name == "bastion":
        own["SSH_HOST_KEY"] = _host_key()
    return {f"MYDOCKER_{key}": value for key, value in own.items()}


def _providers(folder: Path, client_secret: str) -> str:
    """The file of a school's own sign-in, at an address where nobody answers."""
    (folder / "client-secret").write_text(client_secret)
    file = folder / "providers.toml"
    file.write_text(
        '[[provider]]\nkind = "openid"\nid = "school"\ntitle = "School"\nissuer = "http://127.0.0.1:1"\n'
        f'allow_http = true\nclient_id = "c"\nclient_secret_file = "{folder}/client-secret"\n'
    )
    return str(file)


def _host_key() -> str:
    return asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()


def host_of(url: str) -> str:
    return urlsplit(url).netloc
