"""The line of those who wait for room: fair, never too much let in, nobody left for ever."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st
from tests.orchestrator.environments.starts import stop
from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Run
from tests.orchestrator.specs import a_spec

from mydocker_kit.contracts.orchestrator.environments import Phase, ReasonCode, Resources
from mydocker_orchestrator.domain.lifecycle.transitions import DesiredState, EnvironmentState
from mydocker_orchestrator.domain.observed_state import ObservedNode, TaskState
from mydocker_orchestrator.domain.placement.queue import (
    OVERTAKING_LIMIT,
    admit,
    slot_interval,
    sort_key,
)
from mydocker_orchestrator.settings import Settings

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def asking(number: int, seconds_ago: float = 0, **given: object) -> EnvironmentState:
    asked = NOW - timedelta(seconds=seconds_ago)
    values: dict[str, object] = {
        "id": UUID(int=number),
        "version": 1,
        "attempt": 1,
        "desired": DesiredState.RUNNING,
        "phase": Phase.QUEUED,
        "since": asked,
        "asked_at": asked,
        "resources": Resources(cpu=1, memory_mib=512),
    }
    return EnvironmentState(**(values | given))  # type: ignore[arg-type]


def a_node(free_cpu: float = 4, cpu: float = 8, **given: object) -> ObservedNode:
    values: dict[str, object] = {
        "id": "n1",
        "name": "n1",
        "cpu": cpu,
        "memory_mib": 65_536,
        "free_cpu": free_cpu,
        "free_memory_mib": 65_536,
    }
    return ObservedNode(**(values | given))  # type: ignore[arg-type]


def cores(cpu: float) -> Resources:
    return Resources(cpu=cpu, memory_mib=512)


def numbers(ids: frozenset[UUID]) -> list[int]:
    return sorted(id.int for id in ids)


def test_first_come_first_served_and_a_session_first() -> None:
    waiting = [
        asking(1, seconds_ago=30),
        asking(2, seconds_ago=20),
        asking(3, seconds_ago=10, priority=1),
    ]
    admission = admit(waiting, [], [a_node(free_cpu=1)], NOW)
    assert numbers(admission.admitted) == [3]
    assert admission.positions == {UUID(int=1): 1, UUID(int=2): 2}


def test_who_was_let_in_and_has_no_node_yet_takes_room() -> None:
    admission = admit([asking(1)], [asking(2), asking(3)], [a_node(free_cpu=2)], NOW)
    assert numbers(admission.admitted) == []


def test_a_small_one_passes_a_big_one_but_not_for_ever() -> None:
    node = a_node(free_cpu=2)
    big = asking(1, seconds_ago=60, resources=cores(6))
    assert numbers(admit([big, asking(2)], [], [node], NOW).admitted) == [2]
    later = NOW + OVERTAKING_LIMIT
    assert numbers(admit([big, asking(2)], [], [node], later).admitted) == []
    assert numbers(admit([big, asking(2)], [], [a_node(free_cpu=6)], later).admitted) == [1]


def test_what_no_node_could_ever_take_keeps_nothing_from_the_others() -> None:
    never = asking(1, seconds_ago=3600, resources=cores(60))
    admission = admit([never, asking(2), asking(3, resources=cores(7))], [], [a_node()], NOW)
    assert numbers(admission.admitted) == [2]
    assert admission.positions == {UUID(int=1): 0, UUID(int=3): 1}


def test_pools_have_lines_of_their_own() -> None:
    nodes = [a_node(free_cpu=0), a_node(id="g1", pool="gpu", free_cpu=1)]
    admission = admit([asking(1), asking(2, pool="gpu"), asking(3, pool="gpu")], [], nodes, NOW)
    assert numbers(admission.admitted) == [2]
    assert admission.positions == {UUID(int=1): 1, UUID(int=3): 1}


sizes = st.sampled_from([0.5, 1, 2, 4])
people = st.lists(st.tuples(sizes, st.integers(0, 600), st.integers(0, 1)), min_size=1, max_size=25)


@given(people=people, free=st.lists(st.sampled_from([0, 1, 2, 3, 4]), min_size=1, max_size=4))
def test_no_more_is_let_in_than_fits_and_places_follow_the_turns(
    people: list[tuple[float, int, int]], free: list[int]
) -> None:
    waiting = [
        asking(number, ago, resources=cores(cpu), priority=priority)
        for number, (cpu, ago, priority) in enumerate(people, start=1)
    ]
    nodes = [a_node(free_cpu=cpu, id=f"n{at}") for at, cpu in enumerate(free)]
    admission = admit(waiting, [], nodes, NOW)
    in_turn = sorted(waiting, key=sort_key)
    assert sum(
        request.resources.cpu for request in waiting if request.id in admission.admitted
    ) <= sum(free)
    queued = [request for request in in_turn if request.id not in admission.admitted]
    assert [admission.positions[request.id] for request in queued] == list(
        range(1, len(queued) + 1)
    )
    # Nobody is passed by one behind who asks for no less, nor, after a while, by anybody.
    for at, request in enumerate(in_turn):
        if request.id in admission.admitted:
            continue
        behind = [other for other in in_turn[at + 1 :] if other.id in admission.admitted]
        assert all(other.resources.cpu < request.resources.cpu for other in behind)
        assert not behind or request.asked_at + OVERTAKING_LIMIT > NOW


@given(small=st.integers(1, 40), cpu=st.sampled_from([2, 4, 8]))
def test_a_big_one_gets_its_turn_however_many_small_ones_come(small: int, cpu: int) -> None:
    """Small ones run 60 s each and new ones come all the time; the big one needs a whole node."""
    now, running = NOW, [(NOW + timedelta(seconds=60), 1.0)] * cpu
    big = asking(1, resources=cores(cpu))
    coming = [asking(number) for number in range(2, small + 2)]
    for _ in range(60):
        running = [(end, size) for end, size in running if end > now]
        free = cpu - sum(size for _, size in running)
        admission = admit([big, *coming], [], [a_node(free_cpu=free, cpu=cpu)], now)
        if big.id in admission.admitted:
            return
        admitted = [request for request in coming if request.id in admission.admitted]
        running += [(now + timedelta(seconds=60), 1.0) for _ in admitted]
        coming = [request for request in coming if request not in admitted]
        coming += [asking(1000 + len(coming) + at) for at in range(len(admitted))]
        now += timedelta(seconds=10)
    raise AssertionError("the big one still waits")


def test_how_often_places_become_free_is_said_only_with_enough_to_go_by() -> None:
    minute = timedelta(minutes=1)
    assert slot_interval([NOW - minute, NOW], NOW) is None
    assert slot_interval([NOW - 2 * minute, NOW - minute, NOW], NOW) == 60
    assert slot_interval([NOW - 60 * minute] * 5, NOW) is None
    # It has dried up since: what was said grows.
    assert slot_interval([NOW - 12 * minute, NOW - 11 * minute, NOW - 10 * minute], NOW) == 360


async def test_who_finds_no_room_waits_without_a_service_and_starts_when_there_is(
    run: Run, settings: Settings
) -> None:
    swarm, ids = FakeSwarm(), [uuid4() for _ in range(4)]
    whole = a_spec(ports=(), resources=Resources(cpu=2, memory_mib=128))
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(ids[0], whole)
        await orchestrator.phase(ids[0], Phase.STARTING)
        swarm.task(ids[0], state=TaskState.RUNNING)
        for id in ids[1:3]:
            await orchestrator.client.put(id, whole)
        await orchestrator.client.put(ids[3], whole.model_copy(update={"priority": 1}))
        for id, position in ((ids[3], 1), (ids[1], 2), (ids[2], 3)):
            waits = await orchestrator.until(
                id,
                lambda s: bool(s.reason and s.reason.parameters.get("place") == position),  # noqa: B023
                within=100,
            )
            assert waits.phase is Phase.QUEUED
            assert waits.reason is not None
            assert waits.reason.code is ReasonCode.NO_ROOM
            assert waits.reason.parameters["short"] == "cpu"
        assert [id for id, _ in swarm.creations] == [ids[0]]

        await orchestrator.client.stop(ids[1], stop(reason=ReasonCode.CANCELLED))
        await orchestrator.phase(ids[1], Phase.STOPPED, within=100)
        await orchestrator.client.stop(ids[0], stop())
        await orchestrator.phase(ids[3], Phase.STARTING, within=100)
        second = await orchestrator.until(
            ids[2], lambda s: bool(s.reason and s.reason.parameters["place"] == 1), within=100
        )
        assert second.phase is Phase.QUEUED
        assert [id for id, _ in swarm.creations] == [ids[0], ids[3]]


async def test_the_queue_survives_a_restart(run: Run, settings: Settings) -> None:
    swarm, ids = FakeSwarm(), [uuid4() for _ in range(3)]
    whole = a_spec(ports=(), resources=Resources(cpu=2, memory_mib=128))
    async with run(settings, swarm=swarm) as orchestrator:
        for id in ids:
            await orchestrator.client.put(id, whole)
        await orchestrator.until(ids[2], lambda s: s.reason is not None)
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.stop(ids[0], stop())
        await orchestrator.phase(ids[1], Phase.STARTING, within=100)
        assert (await orchestrator.client.get(ids[2])).phase is Phase.QUEUED
