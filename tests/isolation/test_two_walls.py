"""Between environments stand two walls: our guard, and the engine's own rules. Each holds alone.

On every engine: from Docker 28 on the engine also filters in the raw table, before either of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from deploy.machine.commands import run, succeeds

from deploy.node import firewall
from mydocker_kit.contracts.orchestrator.pools import Egress
from tests.isolation.inside import Ground4Probes, Inside, environment
from tests.isolation.test_reach import bridge_of, guard_in_force
from tests.isolation.world import without

CLASSES = [Egress.OPEN, Egress.FILTERED, Egress.NONE]


@contextmanager
def without_ours() -> Iterator[None]:
    """Our guard is skipped, and the engine's own rules decide."""
    rule = ["DOCKER-USER", "-j", "RETURN"]
    run(["iptables", "-w", "-I", rule[0], "1", *rule[1:]], why="the control")
    try:
        yield
    finally:
        run(["iptables", "-w", "-D", *rule], why="the control")


@pytest.mark.parametrize("egress", CLASSES)
def test_a_neighbour_of_any_class_refuses_at_once_and_is_never_silent(
    ground: Ground4Probes, neighbour: Inside, egress: Egress
) -> None:
    page = f"{neighbour.address}:8080"
    with environment(ground, egress=egress) as author:
        assert author.answer(page) == "refused: Connection refused"
        back = f"{author.address}:8080"
        assert neighbour.answer(back) == "refused: Connection refused"


@pytest.mark.parametrize("egress", CLASSES)
def test_each_wall_holds_alone(ground: Ground4Probes, neighbour: Inside, egress: Egress) -> None:
    page = f"{neighbour.address}:8080"
    with environment(ground, egress=egress) as author:
        with without_ours():
            assert author.answer(page) == "refused: Connection timed out", "the engine drops"
        bridge = bridge_of(author)
        with without("DOCKER-USER", "-i", bridge), without("DOCKER-USER", "-o", bridge):
            assert author.reached(page) == [page], "the control: without both it gets through"
        assert author.answer(page) == "refused: Connection refused"


def test_rules_that_somebody_removed_are_noticed_and_laid_again(author: Inside) -> None:
    guard = guard_in_force(author)
    assert firewall.missing(guard) == []
    jumps = [*guard.jumps(), guard.before_direct_access_filter()]
    for jump in jumps:
        rule = ["iptables", "-w", "-t", jump.table, "-D", jump.chain, *jump.rule.split()]
        run(rule, why="the control")
        [said] = firewall.missing(guard)
        assert jump.rule in said
        firewall.lay(guard)
        assert firewall.missing(guard) == []


def test_a_rule_for_all_but_one_interface_is_not_let_in_front(author: Inside) -> None:
    """`! -i docker0` says nothing of docker0, and much of us."""
    guard = guard_in_force(author)
    rule = ["PREROUTING", "-d", "192.0.2.77/32", "!", "-i", "docker0", "-j", "DROP"]
    run(["iptables", "-w", "-t", "raw", "-I", *rule], why="the control")
    try:
        [said] = firewall.missing(guard)
        assert guard.before_direct_access_filter().rule in said
        firewall.lay(guard)
        assert firewall.missing(guard) == []
    finally:
        run(["iptables", "-w", "-t", "raw", "-D", *rule], why="the control")


def test_ipv6_stays_closed_and_its_rules_are_watched_too(author: Inside) -> None:
    addresses = author.says("cat", "/proc/net/if_inet6").splitlines()
    assert [line for line in addresses if not line.endswith(" lo")] == []
    if not succeeds(["ip6tables", "-w", "-S", "INPUT"]):
        pytest.skip("no IPv6 in this kernel")
    guard = guard_in_force(author)
    chain = guard.chains["out"]
    run(["ip6tables", "-w", "-F", chain], why="the control")
    [said] = firewall.missing(guard)
    assert chain in said
    firewall.lay(guard)
    assert firewall.missing(guard) == []
