"""A bastion between a played api and a played environment."""

import os
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

import asyncssh
import pytest
from fastapi import Depends, FastAPI, Response
from pydantic import SecretStr

from mydocker_bastion.main import build
from mydocker_bastion.settings import Settings
from mydocker_kit.contracts.bastion.desktops import DesktopTarget, DesktopVisit
from mydocker_kit.contracts.bastion.ssh import (
    SshAsked,
    SshGuess,
    SshKeyShown,
    SshPassword,
    SshPresence,
    SshState,
    SshTarget,
    SshVerdict,
)
from mydocker_kit.contracts.bastion.streams import WebSessionQuery
from mydocker_kit.contracts.orchestrator.environments import Address
from mydocker_kit.errors import Conflict, Forbidden, NotFound, Unavailable
from mydocker_kit.problems import install
from mydocker_kit.tokens import ServiceTrust
from mydocker_kit.web.dependencies import calling_service
from tests.bastion.environments import ACCOUNT, PASSWORD, FakeEnvironment, environment
from tests.conftest import ServiceKeys
from tests.support.serving import serving

WINDOW = "https://labs.example.org/courses/1/window"


@dataclass
class FakeSshApi:
    """Knows one environment; tests stop it, start it anew, or take the api away."""

    trust: ServiceTrust
    port: int = 0
    id: UUID = field(default_factory=uuid4)
    attempt: int = 1
    state: SshState = SshState.OPEN
    language: str = "en"
    keys: tuple[str, ...] = ()
    password: str = PASSWORD
    is_away: bool = False
    is_garbled: bool = False
    """It answers who shows a key with something that nobody understands."""
    asked_ports: list[int | None] = field(default_factory=list)
    owner_id: UUID = field(default_factory=uuid4)
    has_server: bool = True
    tunnels: tuple[Address, ...] = ()
    """Where its declared ports are, when it has no SSH server."""
    web_session_id: UUID = field(default_factory=uuid4)
    is_signed_out: bool = False
    vnc_port: int = 0
    """Where its desktop listens; it is declared as port 5901."""

    def app(self) -> FastAPI:
        app = FastAPI(dependencies=[Depends(calling_service)])
        app.state.trust = self.trust
        install(app)

        @app.get("/internal/ssh/{login}")
        async def target(login: str, port: int | None = None) -> SshTarget:
            self.check(login)
            self.asked_ports.append(port)
            return self.target()

        @app.post("/internal/ssh/{login}/password", response_model=None)
        async def password(login: str, body: SshKeyShown) -> SshPassword | Response:
            self.check(login)
            if self.is_garbled:
                return Response("{}", media_type="application/json")
            if body.fingerprint not in self.keys:
                raise Forbidden
            return SshPassword(password=self.password)

        @app.post("/internal/ssh/{login}/guess")
        async def guess(login: str, body: SshGuess) -> SshVerdict:
            self.check(login)
            return SshVerdict(is_right=body.password == self.password)

        @app.post("/internal/desktops")
        async def desktop(body: DesktopVisit) -> DesktopTarget:
            self.check(ACCOUNT)
            if body != self.visit:
                raise NotFound
            if self.state is not SshState.OPEN:
                raise Conflict
            address = Address(port=5901, host="127.0.0.1", host_port=self.vnc_port)
            return DesktopTarget(attempt=self.attempt, address=address, password=self.password)

        @app.post("/internal/ssh-present")
        async def present(body: SshAsked) -> list[SshPresence]:
            self.check(ACCOUNT)
            here = self.state is SshState.OPEN and self.id in body.environment_ids
            return [SshPresence(environment_id=self.id, attempt=self.attempt)] if here else []

        @app.post("/internal/ended-web-sessions")
        async def ended(body: WebSessionQuery) -> list[UUID]:
            self.check(ACCOUNT)
            return [id for id in body.web_session_ids if self.is_signed_out]

        return app

    @property
    def visit(self) -> DesktopVisit:
        return DesktopVisit(
            environment_id=self.id,
            user_id=self.owner_id,
            web_session_id=self.web_session_id,
            port=5901,
        )

    def check(self, login: str) -> None:
        if self.is_away:
            raise Unavailable
        if login != ACCOUNT:
            raise NotFound

    def target(self) -> SshTarget:
        here = self.state is SshState.OPEN
        address = Address(port=22, host="127.0.0.1", host_port=self.port)
        return SshTarget(
            environment_id=self.id,
            attempt=self.attempt,
            state=self.state,
            account=ACCOUNT,
            address=address if here and self.has_server else None,
            has_server=self.has_server,
            tunnels=self.tunnels if here and not self.has_server else (),
            keys=self.keys,
            language=self.language,
            window_url=WINDOW,
        )


@dataclass
class BastionStack:
    """A running bastion and what stands around it."""

    api: FakeSshApi
    environment: FakeEnvironment
    app: Any
    tmp: Path

    @property
    def port(self) -> int:
        return int(self.app.state.ssh_port)

    def connect(self, username: str = ACCOUNT, **options: Any) -> Any:
        """asyncssh, without anything of this machine's own settings."""
        wanted = {"password": PASSWORD, "client_keys": None, **options}
        return asyncssh.connect(
            *("127.0.0.1", self.port),
            username=username,
            known_hosts=None,
            config=None,
            agent_path=None,
            **wanted,
        )

    def client(
        self,
        program: str,
        *words: str,
        password: str = PASSWORD,
        stdin: bytes = b"",
        options: Sequence[str] = (),
        seconds: float = 60,
        streams: Mapping[str, IO[bytes]] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """OpenSSH's own `ssh`, `scp` or `sftp`; call it in a thread.

        `streams`: files instead of what is given and returned.
        """
        piped: dict[str, Any] = {"input": stdin, "stdout": subprocess.PIPE}
        askpass = self.tmp / "askpass"
        askpass.write_text("#!/bin/sh\nprintf '%s\\n' \"$SHOWN_PASSWORD\"\n")
        askpass.chmod(0o700)
        port = "-p" if program == "ssh" else "-P"
        trust = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]
        given = ["-F", "none", "-o", "NumberOfPasswordPrompts=1", port, str(self.port), *trust]
        return subprocess.run(
            [program, *given, *options, *words],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.tmp),
                "LC_ALL": "C.UTF-8",
                "SSH_ASKPASS": str(askpass),
                "SSH_ASKPASS_REQUIRE": "force",
                "SHOWN_PASSWORD": password,
            },
            **(piped if streams is None else streams),
            stderr=subprocess.PIPE,
            timeout=seconds,
            check=False,
        )


@pytest.fixture
async def bastion(service_keys: ServiceKeys, tmp_path: Path) -> AsyncIterator[BastionStack]:
    async with AsyncExitStack() as stack:
        home = tmp_path / "inside"
        home.mkdir()
        inside = await stack.enter_async_context(environment(home))
        api = FakeSshApi(ServiceTrust.load("mydocker-api", service_keys.folder), inside.port)
        key = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
        app = build(
            Settings(
                service_key=service_keys.private["mydocker-bastion"],
                trusted_service_keys=service_keys.folder,
                api_url=await stack.enter_async_context(serving(api.app())),
                ssh_listen_port=0,
                ssh_host_key=SecretStr(key),
                ssh_password_attempts=3,
                ssh_refusal_seconds=0.2,
                ssh_unauthenticated_per_address=8,
                ssh_connections_per_environment=5,
                ssh_channels_per_connection=40,
                ssh_presence_seconds=0.1,
                desktop_listen_port=0,
                stream_listen_port=0,
                stream_connections_per_environment=2,
                desktop_connections_per_environment=2,
            )
        )
        await stack.enter_async_context(serving(app))
        yield BastionStack(api, inside, app, tmp_path)
