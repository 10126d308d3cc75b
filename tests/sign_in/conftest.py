"""A gateway with three providers: certified OpenID, CAS, and one that does not answer."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr

from mydocker_lti.settings import GatewaySettings
from tests.conftest import ServiceKeys
from tests.lti_gateway.conftest import ORIGIN, Tool, gateway_settings, running
from tests.support.ports import reserved
from tests.support.postgresql import Database
from tests.support.serving import serving

from .cas_server import CasServer

PROGRAM = Path(__file__).parent / "provider" / "server.mjs"
SECRET = "a secret of the tests"
OWN = {"X-MyDocker": "1"}


@dataclass
class SignInStack:
    """The gateway with its sign-in providers."""

    tool: Tool
    issuer: str
    cas: CasServer
    cas_url: str


@dataclass
class Browser:
    """A browser with separate cookies for us and for providers; follows redirects step by step."""

    stack: SignInStack
    ours: httpx.AsyncClient
    others: httpx.AsyncClient
    seen: list[str] = field(default_factory=list)

    async def begin(self, provider: str, to: str = "") -> httpx.Response:
        """Start a sign-in; returns the redirect to the provider."""
        answer = await self.ours.get(f"/lti/sign-in/{provider}", params={"to": to} if to else None)
        assert answer.status_code == 302, answer.text
        return answer

    async def back(self, url: str, person: str = "ada") -> str:
        """Go through the provider's pages; returns the callback URL."""
        for _ in range(12):
            if url.startswith(ORIGIN):
                return url
            self.seen.append(url)
            answer = await self.others.get(url)
            if "location" not in answer.headers:
                answer = await self.others.post(_form(answer), data=_filled(answer, person))
            url = urljoin(str(answer.url), answer.headers["location"])
        raise AssertionError(f"the provider did not send back: {url}")

    async def sign_in(self, provider: str, person: str = "ada", to: str = "") -> httpx.Response:
        """A complete sign-in; returns the answer of our callback."""
        begun = await self.begin(provider, to)
        return await self.ours.get(await self.back(begun.headers["location"], person))

    async def enter(self, answer: httpx.Response) -> httpx.Response:
        assert answer.status_code == 303, answer.text
        ticket = urlsplit(answer.headers["location"]).fragment.removeprefix("ticket=")
        return await self.ours.post("/lti/tickets", json={"ticket": ticket})


def _form(answer: httpx.Response) -> str:
    action = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
    assert action, answer.text
    return str(urljoin(str(answer.url), action[1]))


def _filled(answer: httpx.Response, person: str) -> dict[str, str]:
    fields = dict(re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', answer.text))
    return {**fields, "login": person, "password": "any"}


def parameter(url: str, name: str) -> str:
    return parse_qs(urlsplit(url).query)[name][0]


@asynccontextmanager
async def openid_provider(callback: str, signed_out: str) -> AsyncIterator[str]:
    """Run the certified provider as a program; yields its issuer."""
    with reserved() as (port,):
        async with _provider(port, callback, signed_out):
            yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def _provider(port: int, callback: str, signed_out: str) -> AsyncIterator[None]:
    """Waits for the program's own `ready` line, so that no other program can be mistaken for it."""
    program = await asyncio.create_subprocess_exec(
        *("node", str(PROGRAM), str(port), "mydocker", SECRET, callback, signed_out),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert program.stdout
    try:
        output = b""
        async with asyncio.timeout(60):
            while not output.endswith(b"ready\n"):
                line = await program.stdout.readline()
                assert line, f"the provider ended: {output.decode()}"
                output += line
        yield
    finally:
        program.terminate()
        await program.wait()


@pytest.fixture(scope="session")
async def shared_stack(
    postgres: Database,
    migrated_template: str,
    service_keys: ServiceKeys,
    vault_keys: SecretStr,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[SignInStack]:
    """The stack, shared by all tests since the provider takes a second to start."""
    name = f"signin{uuid4().hex}"
    postgres.run(f"CREATE DATABASE {name} TEMPLATE {migrated_template}")
    known = gateway_settings(postgres.url(name), service_keys, vault_keys)
    folder = tmp_path_factory.mktemp("sign-in")
    cas = CasServer()
    callback = f"{ORIGIN}/lti/sign-in/campus/callback"
    async with (
        openid_provider(callback, f"{ORIGIN}/signed-out") as issuer,
        serving(cas.app()) as address,
    ):
        file = providers_file(folder, issuer, f"{address}/cas")
        settings = GatewaySettings(**{**known.model_dump(), "sign_in_providers": file})
        outside = httpx.AsyncHTTPTransport()
        async with running(settings, outside) as tool:
            yield SignInStack(tool, issuer, cas, f"{address}/cas")
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


def providers_file(folder: Path, issuer: str, cas_url: str) -> Path:
    (folder / "secret").write_text(f"{SECRET}\n")
    file = folder / "sign-in.toml"
    file.write_text(f"""
        [[provider]]
        id = "campus"
        kind = "openid"
        title = {{en = "Campus account", fr = "Compte du campus"}}
        issuer = "{issuer}"
        client_id = "mydocker"
        client_secret_file = "{folder / "secret"}"
        allow_http = true

        [[provider]]
        id = "cas"
        kind = "cas"
        title = "Institute"
        url = "{cas_url}"
        allow_http = true

        [[provider]]
        id = "away"
        kind = "openid"
        title = "Nobody"
        issuer = "http://127.0.0.1:9"
        client_id = "mydocker"
        allow_http = true
    """)
    return file


@pytest.fixture
async def stack(shared_stack: SignInStack) -> SignInStack:
    shared_stack.tool.now = shared_stack.tool.now.now(shared_stack.tool.now.tzinfo).replace(
        microsecond=0
    )
    shared_stack.tool.api.away, shared_stack.tool.api.refuses = False, None
    shared_stack.cas.person, shared_stack.cas.body, shared_stack.cas.asks_again = "ada", None, True
    return shared_stack


@pytest.fixture
async def browser(stack: SignInStack) -> AsyncIterator[Browser]:
    async with (
        stack.tool.browser() as ours,
        httpx.AsyncClient(trust_env=False, timeout=30) as others,
    ):
        yield Browser(stack, ours, others)
