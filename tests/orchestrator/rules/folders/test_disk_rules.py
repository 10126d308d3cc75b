"""Who is ended for what was written, by the rules alone; and how the engine's listings are read."""

import pytest
from tests.orchestrator.rules.makers import ID, NOW, a_service, actions, an_environment

from mydocker_kit.contracts.orchestrator.disks import DiskArea, DiskUse
from mydocker_kit.contracts.orchestrator.environments import Phase, ReasonCode
from mydocker_orchestrator.domain.checks.disk_limits import (
    INTERVAL,
    MIB,
    MIN_INTERVAL,
    MIN_WRITTEN,
    NO_LIMITS,
    SLACK,
    DiskLimits,
    Overrun,
    UsageTrend,
    disk_full_reason,
    largest_writer,
    measurement_delay,
    overrun,
    updated_trend,
)
from mydocker_orchestrator.domain.planner.actions import RecordFailure
from mydocker_orchestrator.swarm import disk_usage

ROOT, WORK = DiskArea.CONTAINER, DiskArea.WORK_FOLDER
GIB = 1024 * MIB
LIMITS = DiskLimits(container=5 * GIB, work_folder=10 * GIB, free=2 * GIB)


def seen(area: DiskArea, *sizes: int, every: float = 10) -> UsageTrend:
    """One look after another."""
    trace: UsageTrend | None = None
    for number, size in enumerate(sizes):
        trace = updated_trend(trace, area, size, number * every)
    assert trace is not None
    return trace


def over(trace: UsageTrend, limits: DiskLimits = LIMITS) -> bool:
    return overrun(trace, limits) is not None


def test_a_containers_own_disk_may_not_pass_its_limit() -> None:
    assert not over(seen(ROOT, 5 * GIB))
    assert over(seen(ROOT, 5 * GIB + 1))
    assert over(seen(ROOT, 0, 6 * GIB))


def test_a_work_folder_that_grew_over_its_limit_ends() -> None:
    assert not over(seen(WORK, 0, 10 * GIB))
    assert over(seen(WORK, 0, 10 * GIB + 1))
    assert over(seen(WORK, 9 * GIB, 11 * GIB))
    small = DiskLimits(work_folder=SLACK // 4)
    assert over(seen(WORK, 0, SLACK // 4 + 1), small), "the slack is for who comes back"


def test_who_comes_back_to_a_full_folder_can_start_look_and_delete() -> None:
    assert not over(seen(WORK, 30 * GIB))
    assert not over(seen(WORK, 30 * GIB, 30 * GIB + SLACK))
    assert not over(seen(WORK, 30 * GIB, 29 * GIB, 12 * GIB))


def test_and_is_ended_when_it_grows_on() -> None:
    assert over(seen(WORK, 30 * GIB, 30 * GIB + SLACK + 1))
    # What was deleted is not given back.
    assert over(seen(WORK, 30 * GIB, 20 * GIB, 20 * GIB + SLACK + 1))
    assert over(seen(WORK, 30 * GIB, 1 * GIB, 10 * GIB + 1))


def test_no_limit_holds_nothing() -> None:
    assert not NO_LIMITS
    assert LIMITS
    for area in DiskArea:
        assert not over(seen(area, 0, 900 * GIB), NO_LIMITS)
    assert largest_writer([("a", seen(ROOT, 0, 900 * GIB))], 0, NO_LIMITS) is None


def test_a_nearly_full_machine_ends_who_is_writing_and_wrote_most() -> None:
    traces = [
        ("quiet", seen(WORK, 0, 4 * GIB, 4 * GIB)),
        ("full since long", seen(WORK, 40 * GIB, 40 * GIB)),
        ("some", seen(ROOT, 0, 300 * MIB)),
        ("most", seen(WORK, 5 * GIB, 6 * GIB)),
        ("a little", seen(ROOT, 0, MIN_WRITTEN - 1)),
    ]
    assert largest_writer(traces, 2 * GIB, LIMITS) is None
    assert largest_writer(traces, None, LIMITS) is None
    writer = largest_writer(traces, 2 * GIB - 1, LIMITS)
    assert writer is not None
    assert writer[0] == "most"
    assert largest_writer([traces[0], traces[1], traces[4]], 0, LIMITS) is None


def test_what_a_container_wrote_before_its_first_look_counts_as_written() -> None:
    assert seen(ROOT, 3 * GIB).written == 3 * GIB
    assert seen(WORK, 3 * GIB).written == 0


def test_the_next_look_comes_before_the_fastest_writer_reaches_its_limit() -> None:
    def planned(*traces: UsageTrend, spent: float = 0.1, free: int | None = None) -> float:
        least, planned = measurement_delay(traces, spent, free, LIMITS)
        assert least == max(MIN_INTERVAL, 4 * spent)
        return planned

    assert planned() == INTERVAL
    assert planned(seen(ROOT, 0, 10 * MIB)) == INTERVAL
    # 100 MiB a second, 1 GiB left.
    assert planned(seen(ROOT, 3 * GIB, 4 * GIB)) == pytest.approx(5)
    assert planned(seen(ROOT, 0, 4 * GIB)) == MIN_INTERVAL
    assert planned(seen(WORK, 20 * GIB, 20 * GIB + SLACK - MIB)) == MIN_INTERVAL
    assert planned(seen(WORK, 9 * GIB, 2 * GIB)) == INTERVAL
    assert planned(free=3 * GIB) == MIN_INTERVAL
    assert planned(free=4 * GIB) == INTERVAL
    # A walk of half a minute is not begun again before it has rested for two.
    assert planned(seen(ROOT, 0, 4 * GIB), spent=30) == 120


def test_the_reason_says_where_how_much_and_whether_the_machine_was_full() -> None:
    reason = disk_full_reason(Overrun(ROOT, 5 * GIB + 1, 5 * GIB))
    assert reason.code is ReasonCode.DISK_FULL
    facts = {"place": "container", "used_mib": 5121, "limit_mib": 5120}
    assert reason.parameters == facts
    reason = disk_full_reason(Overrun(WORK, 3 * GIB, 10 * GIB, free=GIB))
    assert reason.parameters["free_mib"] == 1024


@pytest.mark.parametrize("phase", [Phase.STARTING, Phase.READY])
def test_the_plan_fails_it_once_for_good(phase: Phase) -> None:
    running = an_environment(phase=phase, running_at=NOW, began_at=NOW, ports=())
    observed = a_service(container_id="c1")
    why = Overrun(ROOT, 6 * GIB, 5 * GIB)
    [fall] = actions(running, observed, disk_overruns={(ID, 1, "c1"): why})
    assert isinstance(fall, RecordFailure)
    assert fall.changed.phase is Phase.FAILED
    assert fall.changed.reason == disk_full_reason(why)
    assert fall.changed.restart_at is None
    for other in ((ID, 1, "c0"), (ID, 2, "c1")):
        assert not any(
            isinstance(action, RecordFailure)
            for action in actions(running, observed, disk_overruns={other: why})
        )


def test_layers_are_read_from_the_list_of_containers() -> None:
    listed: list[dict[str, object]] = [
        {"Id": "a", "SizeRw": 7},
        {"Id": "b"},
        {"Id": "c", "SizeRw": -1},
    ]
    usage = {use.container: use.bytes for use in disk_usage.container_usage(listed)}
    assert usage == {"a": 7, "b": 0}, "-1: the engine could not measure it"


def test_volumes_are_read_from_what_the_engine_says_of_its_disk() -> None:
    def volume(name: str, size: int | None) -> dict[str, object]:
        return {"Name": name, "UsageData": None if size is None else {"Size": size}}

    def container(id: str, *names: str) -> dict[str, object]:
        mounts = [{"Type": "volume", "Name": name} for name in names]
        return {"Id": id, "Mounts": [{"Type": "tmpfs"}, {"Type": "bind", "Source": "/"}, *mounts]}

    nameless = "0" * 64
    df = {
        "Volumes": [
            volume("work-a", 5),
            volume("more-a", 6),
            volume("work-b", -1),
            volume("work-c", 9),
            volume(nameless, 3),
            volume("old", None),
        ],
        "Containers": [
            container("a", "work-a", "more-a", nameless),
            container("b", "work-b", "work-a"),
            container("d", "old"),
            container("e"),
            {"Id": "f", "Mounts": None},
        ],
    }
    assert set(disk_usage.volume_usage(df)) == {
        DiskUse(container="a", area=WORK, bytes=11),
        DiskUse(container="a", area=ROOT, bytes=3),
    }
    assert disk_usage.volume_usage({}) == ()


def test_free_bytes_are_reported_where_they_are_visible() -> None:
    assert (disk_usage.free_bytes("/") or 0) > 0
    assert disk_usage.free_bytes("/no/such/folder") is None
    assert disk_usage.free_bytes("") is None
