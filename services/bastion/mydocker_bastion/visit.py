"""One connection of one person: who may come in, where it leads, what may be opened."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, NoReturn
from uuid import UUID

import asyncssh

from mydocker_kit.contracts.ssh import SshPlace, SshState
from mydocker_kit.errors import ProblemError
from mydocker_kit.logging import get_logger

from . import onward, tunnels
from .authentication import CLOSED, Authentication
from .channels import Channels, Ended
from .domain.forwarding import stays_inside
from .domain.logins import Login
from .domain.sentences import Say, sentence
from .door import Door
from .metrics import ENDS, LOGINS, UNKNOWN
from .pipes import End

log = get_logger()
TURN_AWAY_SECONDS = 2.0
"""An owner who gets no further has time to open the shell in which the reason is."""
WORD_SECONDS = 2.0
"""How long the reason of a lost environment may take."""
Inside = asyncssh.SSHClientConnection


class Visit(asyncssh.SSHServer):
    """From the first byte to the last."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._conn: asyncssh.SSHServerConnection | None = None
        self._address = ""
        self._auth: Authentication | None = None
        self._closed: Say | None = None
        """Why whoever has proven to be the owner gets no further."""
        self._place: SshPlace | None = None
        self._fingerprint: str | None = None
        self._inside: asyncio.Future[Inside] = asyncio.get_running_loop().create_future()
        most = door.settings.ssh_channels_per_connection
        self._channels = Channels(most, self.inside, self._spawn, self.touch, self._text)
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_known = False
        self._is_lost = False
        self._over = asyncio.Event()
        self._last_word = ""
        self.touched = asyncio.get_running_loop().time()

    @property
    def _login(self) -> Login | None:
        return self._auth.login if self._auth else None

    @property
    def attempt(self) -> int:
        return self._place.attempt if self._place else 0

    # --- coming in ---------------------------------------------------------------------------

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._conn = conn
        self._address = str(conn.get_extra_info("peername", ("",))[0])
        UNKNOWN.inc()
        if not self._door.knock(self._address):
            LOGINS.labels("flood").inc()
            conn.abort()

    def begin_auth(self, username: str) -> bool:
        """The same for every name; where it leads is looked up meanwhile."""
        if self._auth is not None:
            self._auth.cancel()
        self._auth = Authentication(self._door, username, self._address)
        if not self._auth.may_try():
            self._refuse(Say.GUESSED)
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether the owner registered this key. asyncssh checks that the client holds it."""
        fingerprint = key.get_fingerprint()
        try:
            place = await self._auth.place_of_key(fingerprint) if self._auth else None
        except ProblemError:
            self._refuse(Say.PLATFORM_AWAY)
        if place is None:
            return False
        self._place, self._fingerprint, self._closed = place, fingerprint, CLOSED.get(place.state)
        return True

    def password_auth_supported(self) -> bool:
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        """Let the environment itself check the password; once right, we are inside."""
        if self._auth is None or not self._auth.may_try():
            self._refuse(Say.GUESSED)
        try:
            found = await self._auth.place_of_password(password, self._enter)
        except ProblemError:
            self._refuse(Say.PLATFORM_AWAY)
        if found is None:
            LOGINS.labels("wrong_password").inc()
            log.info("ssh.wrong_password", login=str(self._login), address=self._address)
            self._banner(Say.REFUSED)
            return False
        self._place, self._closed = found
        self._fingerprint = None
        return True

    async def _enter(self, place: SshPlace, password: str) -> None:
        self._keep(await self._connected(place, password))

    def auth_completed(self) -> None:
        self._known()
        if self._place is None:
            return
        if self._closed is None and not self._door.book.enter(self._place.environment_id, self):
            self._closed = Say.CROWDED
        if self._closed is not None:
            LOGINS.labels(self._closed).inc()
            self._spawn(self._turn_away(self._closed))
            return
        way = "key" if self._fingerprint else "password"
        LOGINS.labels(way).inc()
        log.info("ssh.entered", id=self._place.environment_id, by=way)
        if self._fingerprint:
            self._spawn(self._enter_by_key(self._fingerprint))

    async def _turn_away(self, why: Say) -> None:
        """Whoever opens a shell reads why in it; others read it when the connection is closed."""
        await asyncio.sleep(TURN_AWAY_SECONDS)
        self.end(why)

    async def _enter_by_key(self, fingerprint: str) -> None:
        """The key proved who comes; the environment knows only its password."""
        try:
            if self._login is not None:
                name = self._login.name
                password = await self._door.api.ssh_password(name, fingerprint)
                if self._place is not None and self._place.has_server:
                    await self._enter(self._place, password.get_secret_value())
        except onward.WrongPassword:
            self.end(Say.KEY_NEEDS_PASSWORD)
        except onward.Silent:
            self.end(Say.SILENT)
        except onward.Stranger:
            self.end(Say.STRANGER)
        except ProblemError:
            self.end(Say.PLATFORM_AWAY)
        except Exception:  # whoever is in waits for this
            self.end(Say.PLATFORM_AWAY)
            raise

    async def _connected(self, place: SshPlace, password: str) -> Inside:
        if place.address is None:
            raise onward.Silent("no address")
        keys, id, attempt = self._door.host_keys, place.environment_id, place.attempt
        known = keys.known(id, attempt)
        inside = await onward.connected(place.address, place.account, password, self._lost, known)
        shown = inside.get_server_host_key()
        if shown is not None:
            keys.remember(id, attempt, shown.get_fingerprint())
        return inside

    def _keep(self, inside: Inside) -> None:
        """Hold the connection into the environment, unless the person has left meanwhile."""
        if self._conn is None or self._inside.done():
            inside.abort()
        else:
            self._inside.set_result(inside)

    def _refuse(self, say: Say) -> NoReturn:
        """Say why before anybody has proven anything, and close; the same for every name."""
        LOGINS.labels(say).inc()
        log.info("ssh.refused", why=say, address=self._address)
        self._banner(say)
        raise asyncssh.DisconnectError(asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE, say.value)

    def _banner(self, say: Say) -> None:
        """A sentence during authentication; whose language it is, is not known."""
        if self._conn is not None:
            text = f"{sentence(say, 'en')}\r\n{sentence(say, 'fr')}"
            self._conn.send_auth_banner(f"\r\n{text}\r\n\r\n")

    # --- what may be opened ------------------------------------------------------------------

    def session_requested(self) -> Any:
        return self._channels.shell() or False

    def connection_requested(
        self, dest_host: str, dest_port: int, orig_host: str, orig_port: int
    ) -> Any:
        """A tunnel into the environment; `localhost` is the environment itself."""
        if self._closed is not None:
            self._channels.forbid(self._closed)
        if not self._has_server:
            return self._tunnelled(dest_host, dest_port)
        if not stays_inside(dest_host):
            self._channels.forbid(Say.OUTSIDE)
        return self._channels.piped(
            lambda inside, end: inside.create_connection(end, dest_host, dest_port)
        )

    async def _tunnelled(self, dest_host: str, dest_port: int) -> End:
        """A tunnel of our own to a declared port, where nothing inside could open one.

        Asked anew each time: an address of a moment ago may be another environment's by now, and
        no host key would tell.
        """
        place = await self._place_now()
        if place is None or place.attempt != self.attempt:
            self._channels.forbid(Say.ENDED)
        address = tunnels.leads_to(place.tunnels, dest_host, dest_port)
        if address is None:
            self._channels.forbid(Say.NO_SHELL)
        outer = await self._channels.wired(address)
        if self._conn is None and outer.other is not None:  # the person has left meanwhile
            outer.other.let_go()
        return outer

    async def _place_now(self) -> SshPlace | None:
        """Where the name leads by now; None when nobody can say."""
        if self._login is None:
            return None
        with suppress(ProblemError):
            return await self._door.api.ssh_place(self._login.name, self._login.port)
        return None

    def unix_connection_requested(self, dest_path: str) -> Any:
        """A tunnel to a socket file in the environment, as VS Code may ask for."""
        if not self._has_server:
            self._channels.forbid(Say.NO_SHELL)
        return self._channels.piped(
            lambda inside, end: inside.create_unix_connection(end, dest_path)
        )

    async def inside(self) -> Inside:
        """The connection into the environment; `Ended` when there is none any more."""
        if self._closed is not None:
            raise Ended(self._text(self._closed))
        if self._is_lost:
            await self._over.wait()
        if self._over.is_set():
            raise Ended(self._last_word)
        if not self._has_server:
            raise Ended(self._text(Say.NO_SHELL))
        return await asyncio.shield(self._inside)

    def touch(self) -> None:
        """Something passes."""
        self.touched = asyncio.get_running_loop().time()

    # --- the end -----------------------------------------------------------------------------

    def end(self, say: Say) -> None:
        """Say why to every shell, then close."""
        if self._over.is_set():
            return
        ENDS.labels(say).inc()
        log.info("ssh.ended", id=self._id, why=say)
        self._last_word = self._text(say)
        self._over.set()
        if not self._inside.done():
            self._inside.set_exception(Ended(self._last_word))
            self._inside.exception()  # somebody may be waiting, or nobody
        self._channels.tell(self._last_word)
        if self._conn is not None:
            self._conn.disconnect(asyncssh.DISC_BY_APPLICATION, self._last_word)

    def connection_lost(self, exc: Exception | None) -> None:
        self._known()
        self._conn = None
        if self._auth is not None:
            self._auth.cancel()
        if self._id is not None:
            self._door.book.leave(self._id, self)
        self._over.set()
        for task in self._tasks:
            task.cancel()
        if self._inside.done() and not self._inside.cancelled() and not self._inside.exception():
            self._inside.result().close()

    def _lost(self) -> None:
        """The environment closed the connection; a refused password ends one, too."""
        if self._inside.done() and not self._over.is_set() and self._conn is not None:
            self._is_lost = True
            self._spawn(self._find_reason())

    async def _find_reason(self) -> None:
        """Why the environment went: stopped, started anew, or only its SSH server."""
        say = Say.SILENT
        with suppress(ProblemError, TimeoutError):
            async with asyncio.timeout(WORD_SECONDS):
                say = await self._reason()
        self.end(say)

    async def _reason(self) -> Say:
        if self._login is None:
            return Say.ENDED
        place = await self._door.api.ssh_place(self._login.name, self._login.port)
        if place.attempt > self.attempt:
            return Say.RESTARTED
        return Say.SILENT if place.state is SshState.OPEN else Say.ENDED

    @property
    def _has_server(self) -> bool:
        """Whether the environment has an SSH server of its own, which does what is asked."""
        return self._place is None or self._place.has_server

    @property
    def _id(self) -> UUID | None:
        return self._place.environment_id if self._place else None

    def _text(self, say: Say) -> str:
        if self._place is None:
            return sentence(say)
        return sentence(say, self._place.language, self._place.window_url)

    def _known(self) -> None:
        if not self._is_known:
            self._is_known = True
            self._door.pass_by(self._address)
            UNKNOWN.dec()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(self._quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Ended:
            pass
        except Exception:
            log.exception("ssh.visit_failed", id=self._id)
