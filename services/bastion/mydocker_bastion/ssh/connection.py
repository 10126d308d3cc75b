"""One SSH connection of one person: authentication, the upstream connection, channels, its end.

Data flow: asyncssh calls `SshConnection` for each event of the protocol. A login name is looked up
at api in the background (`Authentication`); the password is tried at the environment's own SSH
server, and a registered key is exchanged for the environment's password. After a login, every shell
and tunnel of the person is joined with one that is opened over the single upstream connection
(`Channels`, `PipeEnd`).

Invariants: before authentication every name gets the same answers after the same time; a channel
leads only into the person's own environment and the attempt that was logged in to; a password is
sent only to a server whose host key is the first one seen in this attempt.

It keeps no state outside the process: a restart closes all connections, and people connect again.
While api is away open connections continue. The registry's check ends the connections of an
environment that has stopped or restarted, so a connection never reaches the next container.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, NoReturn
from uuid import UUID

import asyncssh

from mydocker_kit.contracts.bastion.ssh import SshState, SshTarget
from mydocker_kit.errors import ProblemError
from mydocker_kit.observability.logging import get_logger

from ..domain.forwarding import is_own_environment
from ..domain.logins import Login
from ..domain.notices import Notice, notice_text
from ..metrics import DISCONNECTS, LOGINS, UNAUTHENTICATED
from . import tunnels, upstream
from .authentication import CLOSED, Authentication
from .channels import Channels, ConnectionEnded
from .pipes import PipeEnd
from .shared import SharedState

log = get_logger()
CLOSED_SECONDS = 2.0
"""An owner whose environment is closed has this time to open a shell, which shows the reason."""
REASON_TIMEOUT = 2.0
"""Time limit for the reason of a lost upstream connection."""
UpstreamConnection = asyncssh.SSHClientConnection


class SshConnection(asyncssh.SSHServer):
    """A connection from its first byte to its last."""

    web_session_id: UUID | None = None
    """SSH signs in by itself and goes on after a sign-out from the page."""

    def __init__(self, shared: SharedState) -> None:
        self._shared = shared
        self._conn: asyncssh.SSHServerConnection | None = None
        self._address = ""
        self._auth: Authentication | None = None
        self._closed: Notice | None = None
        """Why the environment is closed to its authenticated owner."""
        self._target: SshTarget | None = None
        self._fingerprint: str | None = None
        self._upstream: asyncio.Future[UpstreamConnection]
        self._upstream = asyncio.get_running_loop().create_future()
        limit = shared.settings.ssh_channels_per_connection
        self._channels = Channels(limit, self.upstream, self._spawn, self.touch, self._text)
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_counted = False
        self._is_lost = False
        self._ended = asyncio.Event()
        self._end_text = ""
        self.last_active = asyncio.get_running_loop().time()

    @property
    def _login(self) -> Login | None:
        return self._auth.login if self._auth else None

    @property
    def attempt(self) -> int:
        return self._target.attempt if self._target else 0

    # --- authentication ----------------------------------------------------------------------

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._conn = conn
        self._address = str(conn.get_extra_info("peername", ("",))[0])
        UNAUTHENTICATED.inc()
        if not self._shared.add_unauthenticated(self._address):
            LOGINS.labels("flood").inc()
            conn.abort()

    def begin_auth(self, username: str) -> bool:
        """Start the lookup in the background and answer alike for every name."""
        if self._auth is not None:
            self._auth.cancel()
        self._auth = Authentication(self._shared, username, self._address)
        if not self._auth.may_try():
            self._refuse(Notice.GUESSED)
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether the owner registered this key. asyncssh checks that the client holds it."""
        fingerprint = key.get_fingerprint()
        try:
            target = await self._auth.target_of_key(fingerprint) if self._auth else None
        except ProblemError:
            self._refuse(Notice.PLATFORM_AWAY)
        if target is None:
            return False
        self._target, self._fingerprint = target, fingerprint
        self._closed = CLOSED.get(target.state)
        return True

    def password_auth_supported(self) -> bool:
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        """Check the password at the environment; a right one opens the upstream connection."""
        if self._auth is None or not self._auth.may_try():
            self._refuse(Notice.GUESSED)
        try:
            result = await self._auth.target_of_password(password, self._enter)
        except ProblemError:
            self._refuse(Notice.PLATFORM_AWAY)
        if result is None:
            LOGINS.labels("wrong_password").inc()
            log.info("ssh.wrong_password", login=str(self._login), address=self._address)
            self._banner(Notice.REFUSED)
            return False
        self._target, self._closed = result
        self._fingerprint = None
        return True

    async def _enter(self, target: SshTarget, password: str) -> None:
        self._set_upstream(await self._connect(target, password))

    def auth_completed(self) -> None:
        self._count_as_known()
        if self._target is None:
            return
        if self._closed is None and not self._shared.connections.add(
            self._target.environment_id, self
        ):
            self._closed = Notice.CROWDED
        if self._closed is not None:
            LOGINS.labels(self._closed).inc()
            self._spawn(self._end_later(self._closed))
            return
        method = "key" if self._fingerprint else "password"
        LOGINS.labels(method).inc()
        log.info("ssh.entered", id=self._target.environment_id, by=method)
        if self._fingerprint:
            self._spawn(self._enter_by_key(self._fingerprint))

    async def _end_later(self, notice: Notice) -> None:
        """End after a delay: a shell shows the notice, without one the disconnect does."""
        await asyncio.sleep(CLOSED_SECONDS)
        self.end(notice)

    async def _enter_by_key(self, fingerprint: str) -> None:
        """Connect upstream with the environment's password, which api exchanges for the key."""
        try:
            if self._login is not None:
                name = self._login.name
                password = await self._shared.api.ssh_password(name, fingerprint)
                if self._target is not None and self._target.has_server:
                    await self._enter(self._target, password.get_secret_value())
        except upstream.WrongPassword:
            self.end(Notice.KEY_NEEDS_PASSWORD)
        except upstream.NoSshServer:
            self.end(Notice.SILENT)
        except upstream.HostKeyChanged:
            self.end(Notice.STRANGER)
        except ProblemError:
            self.end(Notice.PLATFORM_AWAY)
        except Exception:  # the person's channels wait for this
            self.end(Notice.PLATFORM_AWAY)
            raise

    async def _connect(self, target: SshTarget, password: str) -> UpstreamConnection:
        if target.address is None:
            raise upstream.NoSshServer("no address")
        keys, id, attempt = self._shared.host_keys, target.environment_id, target.attempt
        known = keys.known(id, attempt)
        connection = await upstream.connect(
            target.address, target.account, password, self._on_upstream_lost, known
        )
        host_key = connection.get_server_host_key()
        if host_key is not None:
            keys.remember(id, attempt, host_key.get_fingerprint())
        return connection

    def _set_upstream(self, connection: UpstreamConnection) -> None:
        """Keep the upstream connection, unless the person has disconnected meanwhile."""
        if self._conn is None or self._upstream.done():
            connection.abort()
        else:
            self._upstream.set_result(connection)

    def _refuse(self, notice: Notice) -> NoReturn:
        """Disconnect before authentication, with the same notice for every name."""
        LOGINS.labels(notice).inc()
        log.info("ssh.refused", why=notice, address=self._address)
        self._banner(notice)
        raise asyncssh.DisconnectError(asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE, notice.value)

    def _banner(self, notice: Notice) -> None:
        """Show a notice during authentication, in both languages: the person's is unknown."""
        if self._conn is not None:
            text = f"{notice_text(notice, 'en')}\r\n{notice_text(notice, 'fr')}"
            self._conn.send_auth_banner(f"\r\n{text}\r\n\r\n")

    # --- channels ----------------------------------------------------------------------------

    def session_requested(self) -> Any:
        return self._channels.open_shell() or False

    def connection_requested(
        self, dest_host: str, dest_port: int, orig_host: str, orig_port: int
    ) -> Any:
        """Open a tunnel into the environment; `localhost` is the environment itself."""
        if self._closed is not None:
            self._channels.refuse(self._closed)
        if not self._has_server:
            return self._open_tunnel(dest_host, dest_port)
        if not is_own_environment(dest_host):
            self._channels.refuse(Notice.OUTSIDE)
        return self._channels.open_by_server(
            lambda connection, end: connection.create_connection(end, dest_host, dest_port)
        )

    async def _open_tunnel(self, dest_host: str, dest_port: int) -> PipeEnd:
        """Open a tunnel to a declared port of an environment without an SSH server.

        The address is looked up each time: an earlier one may belong to another environment now,
        and no host key would show it.
        """
        target = await self._current_target()
        if target is None or target.attempt != self.attempt:
            self._channels.refuse(Notice.ENDED)
        address = tunnels.declared_address(target.tunnels, dest_host, dest_port)
        if address is None:
            self._channels.refuse(Notice.NO_SHELL)
        outer = await self._channels.open_by_tcp(address)
        if self._conn is None and outer.peer is not None:  # the person has disconnected meanwhile
            outer.peer.on_peer_closed()
        return outer

    async def _current_target(self) -> SshTarget | None:
        """Look the login up again; None when api cannot answer."""
        if self._login is None:
            return None
        with suppress(ProblemError):
            return await self._shared.api.ssh_target(self._login.name, self._login.port)
        return None

    def unix_connection_requested(self, dest_path: str) -> Any:
        """Open a tunnel to a socket file in the environment, as VS Code may request."""
        if not self._has_server:
            self._channels.refuse(Notice.NO_SHELL)
        return self._channels.open_by_server(
            lambda connection, end: connection.create_unix_connection(end, dest_path)
        )

    async def upstream(self) -> UpstreamConnection:
        """The upstream connection; raises `ConnectionEnded` when there is none any more."""
        if self._closed is not None:
            raise ConnectionEnded(self._text(self._closed))
        if self._is_lost:
            await self._ended.wait()
        if self._ended.is_set():
            raise ConnectionEnded(self._end_text)
        if not self._has_server:
            raise ConnectionEnded(self._text(Notice.NO_SHELL))
        return await asyncio.shield(self._upstream)

    def touch(self) -> None:
        """Record that data passes."""
        self.last_active = asyncio.get_running_loop().time()

    # --- the end -----------------------------------------------------------------------------

    def end(self, notice: Notice) -> None:
        """Show the notice in every shell, then disconnect."""
        if self._ended.is_set():
            return
        DISCONNECTS.labels(notice).inc()
        log.info("ssh.ended", id=self._id, why=notice)
        self._end_text = self._text(notice)
        self._ended.set()
        if not self._upstream.done():
            self._upstream.set_exception(ConnectionEnded(self._end_text))
            self._upstream.exception()  # mark it as retrieved: there may be no waiter
        self._channels.end_shells(self._end_text)
        if self._conn is not None:
            self._conn.disconnect(asyncssh.DISC_BY_APPLICATION, self._end_text)

    def connection_lost(self, exc: Exception | None) -> None:
        self._count_as_known()
        self._conn = None
        if self._auth is not None:
            self._auth.cancel()
        if self._id is not None:
            self._shared.connections.remove(self._id, self)
        self._ended.set()
        for task in self._tasks:
            task.cancel()
        if (
            self._upstream.done()
            and not self._upstream.cancelled()
            and not self._upstream.exception()
        ):
            self._upstream.result().close()

    def _on_upstream_lost(self) -> None:
        """The environment closed the connection; a refused password does so, too."""
        if self._upstream.done() and not self._ended.is_set() and self._conn is not None:
            self._is_lost = True
            self._spawn(self._end_with_reason())

    async def _end_with_reason(self) -> None:
        """End with the reason: the environment stopped, restarted, or only its SSH server ended."""
        notice = Notice.SILENT
        with suppress(ProblemError, TimeoutError):
            async with asyncio.timeout(REASON_TIMEOUT):
                notice = await self._reason()
        self.end(notice)

    async def _reason(self) -> Notice:
        if self._login is None:
            return Notice.ENDED
        target = await self._shared.api.ssh_target(self._login.name, self._login.port)
        if target.attempt > self.attempt:
            return Notice.RESTARTED
        return Notice.SILENT if target.state is SshState.OPEN else Notice.ENDED

    @property
    def _has_server(self) -> bool:
        """Whether the environment has an SSH server of its own, which opens the channels."""
        return self._target is None or self._target.has_server

    @property
    def _id(self) -> UUID | None:
        return self._target.environment_id if self._target else None

    def _text(self, notice: Notice) -> str:
        if self._target is None:
            return notice_text(notice)
        return notice_text(notice, self._target.language, self._target.window_url)

    def _count_as_known(self) -> None:
        """Count it no longer as unauthenticated. Idempotent."""
        if not self._is_counted:
            self._is_counted = True
            self._shared.remove_unauthenticated(self._address)
            UNAUTHENTICATED.dec()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except ConnectionEnded:
            pass
        except Exception:
            log.exception("ssh.connection_failed", id=self._id)
