"""Two ends made one: nothing is lost, whichever comes or goes first."""

from typing import Any

from mydocker_bastion.ssh.pipes import PipeEnd, join
from mydocker_bastion.ssh.shells import ClientSession


class Channel:
    """Notes what is asked of it, in order."""

    def __init__(self, said: list[Any]) -> None:
        self.said = said

    def write(self, data: bytes, datatype: int | None = None) -> None:
        self.said.append(data)

    def write_eof(self) -> None:
        self.said.append("eof")

    def close(self) -> None:
        self.said.append("close")

    def exit(self, status: int) -> None:
        self.said.append(status)

    def get_environment_bytes(self) -> dict[bytes, bytes]:
        return {}


def _end(said: list[Any]) -> PipeEnd:
    made = PipeEnd(lambda: None)
    made.connection_made(Channel(said))
    return made


async def test_the_command_goes_in_ahead_of_what_was_typed_for_it() -> None:
    """Dropbear refuses a command that comes after the end of its input."""
    inside: list[Any] = []
    outside: list[Any] = []
    work: list[Any] = []

    class Inside:
        async def create_session(self, factory: Any, **wishes: Any) -> None:
            session = factory()
            session.connection_made(Channel(inside))
            inside.append(wishes["command"])
            session.data_received(b"out", None)
            session.exit_status_received(3)
            session.connection_lost(None)

    async def opened() -> Any:
        return Inside()

    outer = ClientSession(opened, work.append, lambda: None)
    outer.connection_made(Channel(outside))
    outer.exec_requested("cat")
    outer.session_started()
    outer.data_received(b"typed", None)
    outer.eof_received()
    await work.pop()
    assert inside == ["cat"]
    assert outside == [b"out", 3]


def test_what_came_before_the_pair_was_made_passes_then() -> None:
    left, right = list[Any](), list[Any]()
    first, second = _end(left), _end(right)
    first.data_received(b"early", None)
    first.eof_received()
    join(first, second)
    assert (left, right) == ([], [b"early", "eof"])


def test_an_end_that_is_gone_closes_the_other() -> None:
    left, right = list[Any](), list[Any]()
    first, second = _end(left), _end(right)
    first.data_received(b"last words", None)
    first.connection_lost(None)
    join(second, first)
    assert right == [b"last words", "close"]
