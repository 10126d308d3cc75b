"""What a program in an environment reaches. Each refusal has its control: without that one guard
the same try gets through."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from deploy.machine.commands import run
from deploy.node.guard import Guard, Way
from deploy.node.network import resolvers_here

from deploy.node import firewall
from mydocker_kit.contracts.orchestrator.pools import Egress
from tests.isolation.inside import Ground4Probes, Inside, environment
from tests.isolation.world import INTERNET, MAIL, METADATA, PORT, PRIVATE, without

EVERYWHERE = [f"{host}:{PORT}" for host in (METADATA, PRIVATE, INTERNET)]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A service of the node itself, on all of its addresses."""
    with closing(socket.create_server(("0.0.0.0", 0), backlog=64)) as server:  # noqa: S104
        yield server


def addresses() -> list[str]:
    """All of the node's, but for the loopback."""
    links = json.loads(run(["ip", "-4", "-json", "addr", "show"], why="addresses"))
    addresses_ = [address["local"] for link in links for address in link["addr_info"]]
    return [address for address in addresses_ if not address.startswith("127.")]


def bridge_of(inside: Inside) -> str:
    links = json.loads(run(["ip", "-4", "-json", "addr", "show"], why="addresses"))
    return next(
        str(link["ifname"])
        for link in links
        if any(address["local"] == inside.gateway for address in link["addr_info"])
    )


def test_a_neighbour_is_not_reached_on_any_port(author: Inside, neighbour: Inside) -> None:
    page = f"{neighbour.address}:8080"
    directly = [page, *(f"{neighbour.address}:{port}" for port in (22, 1, 65535))]
    published = [f"{host}:{neighbour.host_port}" for host in (*addresses(), "127.0.0.1")]
    assert author.reached(*directly, *published) == []
    bridge = bridge_of(author)
    with without("FORWARD", "-i", bridge, "-o", bridge):
        assert author.reached(*directly) == [page]
    assert author.reached(page) == []


def test_no_socket_of_the_node_is_reached(author: Inside, listener: socket.socket) -> None:
    """Manager, gossip, registry, database, services: whatever listens here, and a listener."""
    heard = re.findall(r":(\d+)\s", run(["ss", "-Htln"], why="sockets"))
    ports = {"2377", "7946", *heard}
    assert author.reached(*(f"{author.gateway}:{port}" for port in ports)) == []
    ours = [f"{host}:{listener.getsockname()[1]}" for host in addresses()]
    assert author.reached(*ours) == []
    with without("INPUT", "-i", bridge_of(author)):
        assert author.reached(*ours) == ours


def test_no_datagram_gets_to_the_node(author: Inside) -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as server:
        server.bind(("0.0.0.0", 0))  # noqa: S104 - all addresses of the tests' own network
        server.settimeout(1)
        author.sends(author.gateway, server.getsockname()[1])
        with pytest.raises(TimeoutError):
            server.recv(16)
        with without("INPUT", "-i", bridge_of(author)):
            author.sends(author.gateway, server.getsockname()[1])
            assert server.recv(16) == b"probe"


@pytest.mark.usefixtures("world")
def test_open_reaches_the_internet_and_nothing_private(author: Inside) -> None:
    assert author.reached(*EVERYWHERE) == [EVERYWHERE[-1]]
    with without("DOCKER-USER", "-i", bridge_of(author)):
        assert author.reached(*EVERYWHERE) == EVERYWHERE


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("egress", [Egress.FILTERED, Egress.NONE])
def test_other_classes_reach_nothing_unless_it_is_named(
    ground: Ground4Probes, neighbour: Inside, egress: Egress
) -> None:
    with environment(ground, egress=egress) as held:
        assert held.reached(*EVERYWHERE, f"{neighbour.address}:8080") == []
        assert neighbour.reached(f"{held.address}:8080") == []
        with socket.create_connection(("127.0.0.1", held.host_port), timeout=5):
            pass  # the edge still gets in
        with without("DOCKER-USER", "-i", bridge_of(held)):
            assert held.reached(EVERYWHERE[-1]) == EVERYWHERE[-1:]


@pytest.mark.usefixtures("world")
def test_what_a_class_names_is_reached_by_it_alone(ground: Ground4Probes, author: Inside) -> None:
    tried = [f"{host}:{PORT}" for host in (PRIVATE, INTERNET)]
    guard = guard_in_force(author)
    named = {
        "filtered": (Way(f"{INTERNET}/32", PORT),),
        "private": (Way("10.77.0.0/24"),),
    }
    try:
        firewall.lay(replace(guard, **named))  # type: ignore[arg-type]
        assert author.reached(*tried) == tried
        with environment(ground, egress=Egress.FILTERED) as filtered:
            assert filtered.reached(*tried) == [f"{INTERNET}:{PORT}"]
        with environment(ground, egress=Egress.NONE) as shut:
            assert shut.reached(*tried) == []
    finally:
        firewall.lay(guard)


@pytest.mark.usefixtures("world")
def test_no_program_sends_mail_unless_an_operator_lets_it(author: Inside) -> None:
    servers = [f"{INTERNET}:{port}" for port in MAIL]
    guard = guard_in_force(author)
    assert author.reached(*servers, EVERYWHERE[-1]) == EVERYWHERE[-1:]
    try:
        firewall.lay(replace(guard, private=(Way(f"{INTERNET}/32", 587),)))
        assert author.reached(*servers) == [f"{INTERNET}:587"]
        firewall.lay(replace(guard, mail=True))
        assert author.reached(*servers) == servers
    finally:
        firewall.lay(guard)


def guard_in_force(inside: Inside) -> Guard:
    """The lab's own."""
    prefix = bridge_of(inside).rstrip("0123456789")
    rules = run(["iptables", "-w", "-S", "INPUT"], why="rules")
    [mark] = re.findall(rf"-i {re.escape(prefix)}\+ .*--comment (\S+)", rules)
    return Guard(prefix, mark.strip('"'), resolvers=resolvers_here())
