"""Environments are packed onto machines: never more than there is, exactly where they are alike."""

from hypothesis import given
from hypothesis import strategies as some
from tests.api.rules.capacity.makers import MACHINE, load_sets, pools, sizes

from mydocker_api.domain.capacity.packing import pack
from mydocker_api.domain.capacity.sizes import Amounts


def test_whole_environments_count_not_sums() -> None:
    machines = {Amounts.of(5, 65_536): 2}
    amounts = Amounts.of(1.5, 1024)
    assert pack({amounts: 8}, machines).short({amounts: 8}) == 2
    assert pack({amounts: 6}, machines).short({amounts: 6}) == 0
    # 3 x 2 CPUs are 6 CPUs, and so are 2 x 3; yet the third environment would have to be split.
    double = Amounts.of(2, 1024)
    assert pack({double: 3}, {Amounts.of(3, 65_536): 2}).placed == {double: 2}


def test_each_resource_limits() -> None:
    machine = Amounts.of(8, 8192, gpus=2, disk_gib=100)
    assert machine.holds(Amounts.of(1, 1024)) == 8
    assert machine.holds(Amounts.of(1, 4096)) == 2
    assert machine.holds(Amounts.of(0.5, 512, gpus=1)) == 2
    assert machine.holds(Amounts.of(0.5, 512, disk_gib=40)) == 2


def test_an_overcommitted_machine_gives_out_cpus_only() -> None:
    machine = Amounts.of(4, 8192, gpus=1).overcommitted(2.0)
    assert machine == Amounts.of(8, 8192, gpus=1)


@given(load_sets, pools)
def test_a_packing_never_gives_out_more_than_there_is(
    loads: dict[Amounts, int], machines: dict[Amounts, int]
) -> None:
    packing = pack(loads, machines)
    for name in ("cpu_milli", "memory_mib", "gpus", "disk_gib"):
        placed = sum(getattr(amounts, name) * count for amounts, count in packing.placed.items())
        assert placed <= sum(getattr(size, name) * number for size, number in machines.items())
    assert packing.used <= sum(machines.values())
    assert all(0 <= packing.placed[amounts] <= count for amounts, count in loads.items())


@given(sizes, some.integers(1, 400), pools)
def test_environments_of_one_size_are_packed_exactly(
    amounts: Amounts, count: int, machines: dict[Amounts, int]
) -> None:
    room = sum(size.holds(amounts) * number for size, number in machines.items())
    assert pack({amounts: count}, machines).placed[amounts] == min(count, room)


@given(load_sets, pools)
def test_grouped_machines_hold_what_single_ones_hold(
    loads: dict[Amounts, int], machines: dict[Amounts, int]
) -> None:
    """The groups are an economy of the computation, checked against one machine at a time."""
    assert dict(pack(loads, machines).placed) == _packed_singly(loads, machines)


def _packed_singly(loads: dict[Amounts, int], machines: dict[Amounts, int]) -> dict[Amounts, int]:
    largest = max(machines, default=Amounts(1, 1))
    empty = sorted((size for size, n in machines.items() for _ in range(n)), reverse=True)
    used: list[Amounts] = []
    placed = {}
    for amounts in sorted(loads, key=lambda amounts: (-amounts.share_of(largest), amounts)):
        left = loads[amounts]
        for machines_now in (sorted(used), empty):
            after = []
            for free in machines_now:
                here = min(left, free.holds(amounts))
                left -= here
                after.append((free.without(amounts, here), here))
            if machines_now is empty:
                used += [free for free, here in after if here]
                empty = [free for free, here in after if not here]
            else:
                used = [free for free, _ in after]
        placed[amounts] = loads[amounts] - left
    return placed


@given(load_sets, pools, some.integers(0, 10))
def test_more_machines_that_may_be_made_never_hold_less(
    loads: dict[Amounts, int], machines: dict[Amounts, int], made: int
) -> None:
    fewer = pack(loads, machines, MACHINE, made)
    more = pack(loads, machines, MACHINE, made + 1)
    assert more.short(loads) <= fewer.short(loads)
    assert more.made <= made + 1
