"""Who is inside: what the look asks, and whom its answer is about."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from prometheus_client import Gauge

from mydocker_bastion.book import Book
from mydocker_bastion.domain.sentences import Say
from mydocker_kit.contracts.ssh import SshPresence

GUESTS = Gauge("test_guests", "Of these tests", registry=None)


@dataclass(eq=False)
class Somebody:
    attempt: int = 1
    touched: float = float("inf")
    told: list[Say] = field(default_factory=list)

    def end(self, say: Say) -> None:
        self.told.append(say)


async def test_who_comes_while_it_is_asked_is_not_judged_by_the_answer() -> None:
    """The environment started anew: the answer is of before, the guest of after."""
    book, id, before, after = Book(5, GUESTS), uuid4(), Somebody(1), Somebody(2)

    class Api:
        async def ssh_present(self, ids: list[UUID]) -> list[SshPresence]:
            book.enter(id, after)
            return [SshPresence(environment_id=id, attempt=1)]

    api: Any = Api()
    book.enter(id, before)
    await book.look(api, idle_seconds=60)
    assert (before.told, after.told) == ([], [])


async def test_who_is_in_one_that_is_gone_or_anew_is_sent_out() -> None:
    book, gone, anew = Book(5, GUESTS), Somebody(1), Somebody(1)
    ids = uuid4(), uuid4()

    class Api:
        async def ssh_present(self, asked: list[UUID]) -> list[SshPresence]:
            return [SshPresence(environment_id=ids[1], attempt=2)]

    api: Any = Api()
    for id, guest in zip(ids, (gone, anew), strict=True):
        book.enter(id, guest)
    await book.look(api, idle_seconds=60)
    assert (gone.told, anew.told) == ([Say.ENDED], [Say.RESTARTED])
