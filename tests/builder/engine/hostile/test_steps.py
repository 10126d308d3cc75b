"""What a step of a build (RUN) connects to: refused by the firewall's rules of the build bridge.

The control takes the rules away, and the same step is seen at the canary.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from uuid import uuid4

from deploy.machine.commands import run
from tests.builder.engine.hostile.canary import Canary
from tests.builder.engine.hostile.conftest import METADATA, Build, address
from tests.isolation.conftest import ground, neighbour  # noqa: F401 - fixtures
from tests.isolation.inside import Inside
from tests.isolation.world import without

CONNECT = """FROM debian:12
RUN echo {id}; for to in {targets}; do \\
      timeout 2 bash -c "exec 3<>/dev/tcp/$to && echo 'GET /$to' >&3" 2> /dev/null \\
      && echo "reached $to"; \\
    done; true
"""
SERVES = """FROM debian:12
RUN perl -MIO::Socket::INET -e '$| = 1; \\
    $s = IO::Socket::INET->new(LocalPort => 8080, Listen => 5); print "{id} at ", `hostname -I`; \\
    while ($c = $s->accept) {{ print $c "hi"; close $c }}'
"""
SPELLED = ("169.254.169.254", "2852039166", "0xA9FEA9FE", "0251.0376.0251.0376", "169.254.43518")
SPELLED_IN_IPV6 = ("::ffff:169.254.169.254", "::ffff:a9fe:a9fe")


def addresses_of_machine() -> list[str]:
    """All but loopback's."""
    links = json.loads(run(["ip", "-4", "-json", "addr"], why="a canary"))
    addresses = [entry["local"] for link in links for entry in link["addr_info"]]
    return [host for host in addresses if not host.startswith("127.")]


async def reached(run_build: Build, targets: list[str], slot: int = 1) -> list[str]:
    """Those of host/port that a step connects to."""
    dockerfile = CONNECT.format(id=uuid4(), targets=" ".join(targets))
    outcome = await run_build(dockerfile, slot=slot)
    assert outcome.error == ""
    return re.findall(r"^reached (\S+)$", outcome.output, re.M)


@contextmanager
def no_walls(bridge: str) -> Iterator[None]:
    """The control: neither our rules of builds nor the engines' own decide."""
    raw = ["PREROUTING", "-i", bridge, "-j", "ACCEPT"]
    with ExitStack() as stack:
        run(["iptables", "-w", "-t", "raw", "-I", *raw], why="the control")
        stack.callback(run, ["iptables", "-w", "-t", "raw", "-D", *raw], why="the control")
        stack.enter_context(without("INPUT", "-i", bridge))
        stack.enter_context(without("DOCKER-USER", "-i", bridge))
        yield


async def test_a_step_reaches_no_service_of_the_machine_however_it_is_spelled(
    run_build: Build, loopback: Canary, bridge: str
) -> None:
    """Metadata, gateway, database and registry: whatever listens on an address of the machine."""
    hosts = [*SPELLED, *SPELLED_IN_IPV6]
    with address(METADATA):
        hosts += [host for host in addresses_of_machine() if host not in hosts]
        targets = [f"{host}/{loopback.port}" for host in hosts]
        assert await reached(run_build, targets) == []
        assert loopback.hits == []
        with no_walls(bridge):
            assert await reached(run_build, targets) == targets, "the control"
        assert len(loopback.hits) == len(targets)


async def test_a_step_reaches_no_environment(
    run_build: Build,
    bridge: str,
    neighbour: Inside,  # noqa: F811
) -> None:
    page = f"{neighbour.address}/8080"
    published = [f"{host}/{neighbour.host_port}" for host in addresses_of_machine()]
    assert await reached(run_build, [page, *published]) == []
    with no_walls(bridge):
        assert page in await reached(run_build, [page]), "the control"


async def test_a_step_reaches_no_step_of_another_build(run_build: Build, bridge: str) -> None:
    id, listening = uuid4(), asyncio.get_running_loop().create_future()

    def follow(written: str) -> None:
        at = re.search(rf"{id} at (\S+)", written)
        if at and not listening.done():
            listening.set_result(at[1])

    serving = asyncio.create_task(run_build(SERVES.format(id=id), slot=2, follow=follow))
    try:
        page = f"{await asyncio.wait_for(listening, 60)}/8080"
        assert await reached(run_build, [page]) == []
        with no_walls(bridge):
            assert await reached(run_build, [page]) == [page], "the control"
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
