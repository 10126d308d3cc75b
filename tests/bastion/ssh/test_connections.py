"""Who is inside: what the look asks, and whom its answer is about."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from prometheus_client import Gauge

from mydocker_bastion.connections import ConnectionRegistry
from mydocker_bastion.domain.notices import Notice
from mydocker_kit.contracts.bastion.ssh import SshPresence

GAUGE = Gauge("test_connections", "Of these tests", registry=None)


@dataclass(eq=False)
class Somebody:
    attempt: int = 1
    last_active: float = float("inf")
    web_session_id: UUID | None = None
    notices: list[Notice] = field(default_factory=list)

    def end(self, notice: Notice) -> None:
        self.notices.append(notice)


async def test_who_comes_while_it_is_asked_is_not_judged_by_the_answer() -> None:
    """The environment started anew: the answer is of before, the guest of after."""
    registry, id, before, after = ConnectionRegistry(5, GAUGE), uuid4(), Somebody(1), Somebody(2)

    class Api:
        async def ssh_present(self, ids: list[UUID]) -> list[SshPresence]:
            registry.add(id, after)
            return [SshPresence(environment_id=id, attempt=1)]

    api: Any = Api()
    registry.add(id, before)
    await registry.close_stale(api, idle_seconds=60)
    assert (before.notices, after.notices) == ([], [])


async def test_who_is_in_one_that_is_gone_or_anew_is_sent_out() -> None:
    registry, gone, anew = ConnectionRegistry(5, GAUGE), Somebody(1), Somebody(1)
    ids = uuid4(), uuid4()

    class Api:
        async def ssh_present(self, asked: list[UUID]) -> list[SshPresence]:
            return [SshPresence(environment_id=ids[1], attempt=2)]

    api: Any = Api()
    for id, connection in zip(ids, (gone, anew), strict=True):
        registry.add(id, connection)
    await registry.close_stale(api, idle_seconds=60)
    assert (gone.notices, anew.notices) == ([Notice.ENDED], [Notice.RESTARTED])


async def test_connections_of_ended_web_sessions_close_and_others_stay() -> None:
    registry, ended = ConnectionRegistry(5, GAUGE), uuid4()
    signed_out = Somebody(web_session_id=ended)
    others = [Somebody(web_session_id=uuid4()), Somebody()]
    for connection in (signed_out, *others):
        registry.add(uuid4(), connection)
    asked: list[UUID] = []

    class Api:
        async def ended_web_sessions(self, ids: list[UUID]) -> list[UUID]:
            asked.extend(ids)
            return [ended]

    api: Any = Api()
    await registry.close_signed_out(api)
    assert signed_out.notices == [Notice.SIGNED_OUT]
    assert [connection.notices for connection in others] == [[], []]
    assert len(asked) == 2, "SSH connections have no web session"
