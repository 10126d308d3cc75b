"""Builds the service: ports for SSH, for desktops, for streams, and for health and metrics."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncssh
import httpx
from fastapi import FastAPI

from mydocker_kit.clients import api
from mydocker_kit.clock import Clock, utc_now
from mydocker_kit.errors import ProblemError, Unavailable
from mydocker_kit.http import ServiceClient
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.notify import Wakeup
from mydocker_kit.runtime.loops import background, run_forever
from mydocker_kit.tokens import (
    DESKTOP_AUDIENCE,
    STREAM_AUDIENCE,
    ServiceIdentity,
    ServiceTrust,
)
from mydocker_kit.web.app import create_app

from .connections import ConnectionRegistry
from .desktops.bridge import Bridge
from .domain.notices import Notice
from .metrics import CONNECTIONS, DESKTOPS, STREAMS
from .settings import Settings
from .ssh.connection import SshConnection
from .ssh.password_attempts import PasswordAttempts
from .ssh.shared import SharedState
from .streams.relay import StreamRelay

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
    """The service; once it runs, `app.state` holds `ssh_port`, `desktop_port`, `stream_port`."""
    asyncssh.set_log_level("WARNING")  # below, asyncssh logs the commands that people type
    key = asyncssh.import_private_key(settings.ssh_host_key.get_secret_value())
    identity = ServiceIdentity.load(api.BASTION, settings.service_key.get_secret_value())
    client = api.ApiClient(
        ServiceClient(settings.api_url, api.AUDIENCE, identity, clock, transport)
    )
    connections = ConnectionRegistry(settings.ssh_connections_per_environment, CONNECTIONS)
    attempts = PasswordAttempts(
        settings.ssh_password_attempts,
        settings.ssh_password_attempts_per_name,
        settings.ssh_password_attempts_per_address,
    )
    shared = SharedState(settings, client, connections, attempts, clock)
    desktops = ConnectionRegistry(settings.desktop_connections_per_environment, DESKTOPS)
    trust = ServiceTrust.load(DESKTOP_AUDIENCE, settings.trusted_service_keys)
    bridge = Bridge(settings, client, trust, desktops)
    streams = ConnectionRegistry(settings.stream_connections_per_environment, STREAMS)
    stream_trust = ServiceTrust.load(STREAM_AUDIENCE, settings.trusted_service_keys)
    relay = StreamRelay(settings, stream_trust, streams)
    is_open = False

    async def close_stale() -> None:
        try:
            for registry in (desktops, streams):
                await registry.close_signed_out(client)
            for registry in (connections, desktops, streams):
                await registry.close_stale(client, settings.ssh_idle_minutes * 60)
        except ProblemError as error:
            log.warning("ssh.presence_unknown", error=error)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        nonlocal is_open
        acceptor = await listen_for_ssh(shared, key)
        app.state.ssh_port, is_open = acceptor.get_port(), True
        log.info("ssh.listening", port=acceptor.get_port(), fingerprint=key.get_fingerprint())
        try:
            async with (
                bridge.listening() as server,
                relay.listening() as stream_server,
                background(
                    run_forever("presence", close_stale, Wakeup(), settings.ssh_presence_seconds)
                ),
            ):
                app.state.desktop_port = server.sockets[0].getsockname()[1]
                log.info("desktop.listening", port=app.state.desktop_port)
                app.state.stream_port = stream_server.sockets[0].getsockname()[1]
                log.info("stream.listening", port=app.state.stream_port)
                yield
        finally:
            is_open = False
            acceptor.close()
            connections.close_all(Notice.SERVICE_RESTARTS)
            await client.aclose()

    async def ready() -> None:
        if not is_open:
            raise Unavailable("the SSH port is closed")

    app = create_app(
        SERVICE, "MyDocker bastion", lifespan=lifespan, routers=[], ready=ready, openapi_url=None
    )
    app.state.shared, app.state.bridge, app.state.relay = shared, bridge, relay
    return app


async def listen_for_ssh(shared: SharedState, key: asyncssh.SSHKey) -> asyncssh.SSHAcceptor:
    """Open the SSH port: no agent, no X11, no remote forwarding."""
    settings = shared.settings
    return await asyncssh.listen(
        settings.ssh_listen_host,
        settings.ssh_listen_port,
        server_factory=lambda: SshConnection(shared),
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
