"""Authentication of one login name, without revealing whether the name exists or runs.

An unauthenticated client gets the same bytes for every name, after the same time: the same methods
are offered, the lookup runs in the background, and every refusal waits for the next multiple of a
time step. What is wrong with an environment (stopped, starting, silent, too many connections) is
said only after its owner has shown a registered key or the right password: the password of its SSH
server where there is one, else the one that the platform gave it.
"""

import asyncio
from collections.abc import Awaitable, Callable

from mydocker_kit.contracts.bastion.ssh import SshState, SshTarget
from mydocker_kit.errors import NotFound, ProblemError

from ..domain.logins import Login, login
from ..domain.notices import Notice
from ..domain.response_times import delay_to_next_step
from . import upstream
from .shared import SharedState

LONGEST_PASSWORD = 1024
LONGEST_NAME = 64
"""Characters of an invalid name that are remembered."""
KEY_SECONDS = 0.25
"""A refused key waits for the next multiple: clients offer several, one after the other."""
CLOSED = {SshState.STARTING: Notice.STARTING, SshState.STOPPED: Notice.STOPPED}
Enter = Callable[[SshTarget, str], Awaitable[None]]
"""Opens the upstream connection with this password and keeps it."""


class Authentication:
    """The authentication of one login name on one connection."""

    def __init__(self, shared: SharedState, username: str, address: str) -> None:
        self._shared, self._address = shared, address
        self.login: Login | None = login(username)
        self._name = self.login.name if self.login else username[:LONGEST_NAME]
        self._lookup = asyncio.ensure_future(self._look_up())

    def cancel(self) -> None:
        """The client has disconnected, or gives another name."""
        self._lookup.cancel()

    def may_try(self) -> bool:
        return self._shared.attempts.may_try(self._name, self._address, self._shared.clock())

    async def target_of_key(self, fingerprint: str) -> SshTarget | None:
        """The environment of this name, if its owner registered this key; None after a wait."""
        began = self._now()
        target = await self._target()
        if target is not None and fingerprint in target.keys:
            return target
        await asyncio.sleep(delay_to_next_step(self._now() - began, KEY_SECONDS))
        return None

    async def target_of_password(
        self, password: str, enter: Enter
    ) -> tuple[SshTarget, Notice | None] | None:
        """The environment and why it is closed; None, after a wait, for a wrong password.

        Raises `ProblemError` when the platform cannot answer.
        """
        began = self._now()
        result = await self._check(password, enter) if len(password) <= LONGEST_PASSWORD else None
        if result is None:
            self._shared.attempts.record_wrong(self._name, self._address, self._shared.clock())
            step = self._shared.settings.ssh_refusal_seconds
            await asyncio.sleep(delay_to_next_step(self._now() - began, step))
        return result

    async def _check(self, password: str, enter: Enter) -> tuple[SshTarget, Notice | None] | None:
        target = await self._target()
        if target is None:
            return None
        notice = CLOSED.get(target.state)
        if notice is None and self._shared.connections.is_full(target.environment_id):
            notice = Notice.CROWDED
        if notice is None and target.has_server:
            try:
                await enter(target, password)
                return target, None
            except upstream.WrongPassword:
                return None
            except upstream.NoSshServer:
                notice = Notice.SILENT
            except upstream.HostKeyChanged:
                notice = Notice.STRANGER
        return (target, notice) if await self._is_given_password(password) else None

    async def _is_given_password(self, password: str) -> bool:
        """Whether this is the password that the platform gave the environment."""
        if self.login is None:
            return False
        try:
            return await self._shared.api.ssh_guess(self.login.name, password)
        except NotFound:  # removed meanwhile
            return False

    async def _target(self) -> SshTarget | None:
        result = await asyncio.shield(self._lookup)
        if isinstance(result, ProblemError):
            raise result
        return result

    async def _look_up(self) -> SshTarget | ProblemError | None:
        """Return errors as values: this task may never be awaited."""
        if self.login is None:
            return None
        try:
            return await self._shared.api.ssh_target(self.login.name, self.login.port)
        except NotFound:
            return None
        except ProblemError as error:
            return error

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
