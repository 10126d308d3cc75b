"""Authentication of one name: whether it exists or runs shows nobody who has not proven to own it.

A stranger gets the same bytes for every name, after the same time: the same methods are offered,
the lookup happens behind the scenes, and every refusal waits for the next whole step of time. What
is wrong with an environment (stopped, starting, silent, crowded) is said after its owner has shown
a registered key or the right password: that of its SSH server where one answers, else the one that
the platform gave it.
"""

import asyncio
from collections.abc import Awaitable, Callable

from mydocker_kit.contracts.ssh import SshPlace, SshState
from mydocker_kit.errors import NotFound, ProblemError

from . import onward
from .domain.even_time import rest
from .domain.logins import Login, login
from .domain.sentences import Say
from .door import Door

LONGEST_PASSWORD = 1024
LONGEST_NAME = 64
"""Of what is remembered of a name that can be none."""
KEY_SECONDS = 0.25
"""A refused key waits for the next multiple: clients show several, one after the other."""
CLOSED = {SshState.STARTING: Say.STARTING, SshState.STOPPED: Say.STOPPED}
Enter = Callable[[SshPlace, str], Awaitable[None]]
"""Opens the connection into the environment with this password, and keeps it."""


class Authentication:
    """Of one name on one connection."""

    def __init__(self, door: Door, username: str, address: str) -> None:
        self._door, self._address = door, address
        self.login: Login | None = login(username)
        self._name = self.login.name if self.login else username[:LONGEST_NAME]
        self._lookup = asyncio.ensure_future(self._look_up())

    def cancel(self) -> None:
        """The person has left, or gives another name."""
        self._lookup.cancel()

    def may_try(self) -> bool:
        return self._door.guesses.may_try(self._name, self._address, self._door.clock())

    async def place_of_key(self, fingerprint: str) -> SshPlace | None:
        """Where the name leads, if its owner registered this key; refused keys wait."""
        began = self._now()
        place = await self._place()
        if place is not None and fingerprint in place.keys:
            return place
        await asyncio.sleep(rest(self._now() - began, KEY_SECONDS))
        return None

    async def place_of_password(
        self, password: str, enter: Enter
    ) -> tuple[SshPlace, Say | None] | None:
        """Where the name leads, and why it is not open; None, after a wait, for a wrong password.

        A `ProblemError` means that the platform cannot say.
        """
        began = self._now()
        found = await self._judged(password, enter) if len(password) <= LONGEST_PASSWORD else None
        if found is None:
            self._door.guesses.note_wrong(self._name, self._address, self._door.clock())
            step = self._door.settings.ssh_refusal_seconds
            await asyncio.sleep(rest(self._now() - began, step))
        return found

    async def _judged(self, password: str, enter: Enter) -> tuple[SshPlace, Say | None] | None:
        place = await self._place()
        if place is None:
            return None
        why = CLOSED.get(place.state)
        if why is None and self._door.book.is_full(place.environment_id):
            why = Say.CROWDED
        if why is None and place.has_server:
            try:
                await enter(place, password)
                return place, None
            except onward.WrongPassword:
                return None
            except onward.Silent:
                why = Say.SILENT
            except onward.Stranger:
                why = Say.STRANGER
        return (place, why) if await self._is_given_password(password) else None

    async def _is_given_password(self, password: str) -> bool:
        """Whether it is the one that the platform gave the environment."""
        if self.login is None:
            return False
        try:
            return await self._door.api.ssh_guess(self.login.name, password)
        except NotFound:  # removed meanwhile
            return False

    async def _place(self) -> SshPlace | None:
        found = await asyncio.shield(self._lookup)
        if isinstance(found, ProblemError):
            raise found
        return found

    async def _look_up(self) -> SshPlace | ProblemError | None:
        """An error is kept as a value: nobody may ever wait for it."""
        if self.login is None:
            return None
        try:
            return await self._door.api.ssh_place(self.login.name, self.login.port)
        except NotFound:
            return None
        except ProblemError as error:
            return error

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
