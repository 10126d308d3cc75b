"""Makes the service: ports for people's SSH, for their desktops, and for health and metrics."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncssh
import httpx
from fastapi import FastAPI

from mydocker_kit.app import create_app
from mydocker_kit.clients import api
from mydocker_kit.clock import Clock, utc_now
from mydocker_kit.errors import ProblemError, Unavailable
from mydocker_kit.http import ServiceClient
from mydocker_kit.logging import get_logger
from mydocker_kit.loops import background, run_forever
from mydocker_kit.notify import Bell
from mydocker_kit.tokens import DESKTOP_AUDIENCE, ServiceIdentity, ServiceTrust

from .book import Book
from .desktops import Bridge
from .domain.guesses import Guesses
from .domain.sentences import Say
from .door import Door
from .metrics import CONNECTIONS, DESKTOPS
from .settings import Settings
from .visit import Visit

SERVICE = "bastion"
KEY_EXCHANGES = "-*-sha1"
"""All but the old ones. ML-KEM comes first, from `cryptography`: OpenSSH 10.1 warns without it."""
log = get_logger()


def build(
    settings: Settings,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    clock: Clock = utc_now,
) -> FastAPI:
    """The service, ready to be served; `app.state.ssh_port` and `.desktop_port` say where."""
    asyncssh.set_log_level("WARNING")  # below, asyncssh writes what people type as commands
    key = asyncssh.import_private_key(settings.ssh_host_key.get_secret_value())
    identity = ServiceIdentity.load(api.BASTION, settings.service_key.get_secret_value())
    client = api.ApiClient(
        ServiceClient(settings.api_url, api.AUDIENCE, identity, clock, transport)
    )
    book = Book(settings.ssh_connections_per_environment, CONNECTIONS)
    guesses = Guesses(
        settings.ssh_guesses, settings.ssh_guesses_per_name, settings.ssh_guesses_per_address
    )
    door = Door(settings, client, book, guesses, clock)
    viewers = Book(settings.desktop_connections_per_environment, DESKTOPS)
    trust = ServiceTrust.load(DESKTOP_AUDIENCE, settings.trusted_service_keys)
    bridge = Bridge(settings, client, trust, viewers)
    is_open = False

    async def look() -> None:
        try:
            for one in (book, viewers):
                await one.look(client, settings.ssh_idle_minutes * 60)
        except ProblemError as error:
            log.warning("ssh.not_looked", error=error)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        nonlocal is_open
        listener = await listening(door, key)
        app.state.ssh_port, is_open = listener.get_port(), True
        log.info("ssh.listening", port=listener.get_port(), fingerprint=key.get_fingerprint())
        try:
            async with (
                bridge.listening() as desktops,
                background(run_forever("look", look, Bell(), settings.ssh_look_seconds)),
            ):
                app.state.desktop_port = desktops.sockets[0].getsockname()[1]
                log.info("desktop.listening", port=app.state.desktop_port)
                yield
        finally:
            is_open = False
            listener.close()
            book.end_all(Say.DOOR_RESTARTS)
            await client.aclose()

    async def ready() -> None:
        if not is_open:
            raise Unavailable("the doors are closed")

    app = create_app(
        SERVICE, "MyDocker bastion", lifespan=lifespan, routers=[], ready=ready, openapi_url=None
    )
    app.state.door, app.state.bridge = door, bridge
    return app


async def listening(door: Door, key: asyncssh.SSHKey) -> asyncssh.SSHAcceptor:
    """Open the SSH port: no agent, no X11, no listening on the environment's behalf."""
    settings = door.settings
    return await asyncssh.listen(
        settings.ssh_listen_host,
        settings.ssh_listen_port,
        server_factory=lambda: Visit(door),
        server_host_keys=[key],
        server_version="MyDocker",
        backlog=512,
        config=None,
        host_based_auth=False,
        gss_kex=False,
        gss_auth=False,
        kbdint_auth=False,
        kex_algs=KEY_EXCHANGES,
        compression_algs=["none"],
        login_timeout=settings.ssh_login_seconds,
        keepalive_interval=30,
        keepalive_count_max=3,
        agent_forwarding=False,
        x11_forwarding=False,
        allow_scp=False,
        line_editor=False,
        encoding=None,
    )
