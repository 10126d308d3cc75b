"""May environments be put on this node? Tried from inside a container, not read off settings."""

import ipaddress
import json
import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from deploy.machine.commands import run
from deploy.machine.docker import Docker
from deploy.machine.failures import CannotStart
from deploy.machine.network.bridges import free_name
from mydocker_kit.contracts.orchestrator.pools import DirectPorts, Egress
from mydocker_kit.docker.versions import CONFINES

from . import firewall, probe
from .agent import volume_plugin
from .findings import Finding, finding
from .guard import LETTERS, Guard
from .network import EnvironmentNetwork
from .settings import NodeSettings

_INTO_SPECIAL = (
    "169.254.169.254:80",
    "10.0.0.1:80",
    "172.16.0.1:80",
    "192.168.0.1:80",
    "100.64.0.1:80",
)
_INTO_THE_WORLD = "192.0.2.1:80"
"""Nobody's (RFC 5737); a class that goes out is never tried against it."""
NO_NEW_PRIVILEGES = "no_new_privileges"
USER_NAMESPACES = "user namespaces"
_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_NO_DEFAULT = (
    'add "no-new-privileges": true to the engine\'s daemon.json and restart it (not needed where'
    " this machine and the manager run Docker 25 or newer and it joined by an invitation of then)"
)
_NOT_REMAPPED = (
    "root inside a container has root's number outside too: see userns-remap in"
    " docs/reference/isolation.md"
)


def failed(findings: Sequence[Finding]) -> list[Finding]:
    """Because of which a machine takes no environments."""
    return [finding for finding in findings if finding.grave and not finding.passed]


def remaps_users(findings: Sequence[Finding]) -> bool:
    """Whether root of a container was seen to be nobody outside."""
    return any(finding.name == USER_NAMESPACES and finding.passed for finding in findings)


def check(
    docker: Docker,
    guard: Guard,
    networks: Sequence[EnvironmentNetwork],
    *,
    manager_confines: bool | None = None,
) -> list[Finding]:
    """Everything, in about two seconds. Nothing is tried before the rules are in place: what is
    tried would otherwise leave this machine.

    `manager_confines`: whether services get no-new-privileges from the manager; None: this
    machine is the manager. An engine before 25 ignores it there, whatever the manager is.
    """
    confines = docker.agreed.api >= CONFINES and manager_confines is not False
    absent = firewall.missing(guard)
    findings = [engine(docker), finding("firewall", not absent, "; ".join(absent))]
    findings += [_network(docker, network) for network in networks]
    findings += [] if guard.direct is None else [direct_ports(guard.direct, _EPHEMERAL.read_text())]
    if not absent:
        findings += _tried(docker, guard, is_confined=confines)
    return findings


def of_settings(docker: Docker, settings: NodeSettings) -> list[Finding]:
    """Everything, on the machine with these settings."""
    spoken = engine(docker)
    if not spoken.passed:
        return [spoken]
    manages = (docker.get("/info").get("Swarm") or {}).get("ControlAvailable")
    findings = check(
        docker,
        settings.guard(),
        settings.networks(),
        manager_confines=None if manages else settings.manager_confines,
    )
    return [*findings, volume_plugin.check(docker, settings)] if settings.volumes else findings


def engine(docker: Docker) -> Finding:
    """Which engine it is, and in which version of its API it is spoken to; too old or too new an
    engine fails, and says what to do."""
    try:
        return Finding("engine", True, str(docker.agreed))
    except CannotStart as error:
        return Finding("engine", False, str(error))


def direct_ports(direct: DirectPorts, ephemeral: str) -> Finding:
    """The engine numbers ports from the kernel's own range: a web page's must not be direct."""
    first, last = map(int, ephemeral.split())
    apart = direct.last < first or last < direct.first
    words = (
        f"{direct} reaches into the numbers that the engine picks by itself ({first}:{last}, "
        "net.ipv4.ip_local_port_range): choose others, or set that range anew and restart the "
        "engine"
    )
    return finding("direct ports", apart, words)


def remarks() -> list[str]:
    """What an operator should know, and nothing depends on."""
    swap = "SwapTotal:             0 kB" not in Path("/proc/meminfo").read_text()
    if not swap:
        return []
    return ["this node swaps: an environment may take its memory twice (switch swap off)"]


def _network(docker: Docker, network: EnvironmentNetwork) -> Finding:
    options = network.settings(docker).get("Options") or {}
    wrong = [name for name, value in network.options().items() if options.get(name) != value]
    return finding(f"network {network.name}", not wrong, f"made with another {', '.join(wrong)}")


def _tried(docker: Docker, guard: Guard, *, is_confined: bool) -> list[Finding]:
    probe.ready_image(docker)
    look = partial(probe.look, docker, is_confined=is_confined)
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        names = {egress: free_name(f"{guard.prefix}{LETTERS[egress]}c") for egress in Egress}
        on = {egress: stack.enter_context(probe.bridge(docker, names[egress])) for egress in Egress}
        listener = stack.enter_context(probe.listener(docker, on[Egress.OPEN]))
        neighbour = f"{probe.address_of(docker, listener)}:{probe.LISTENS_ON}"
        here = stack.enter_context(socket.create_server(("0.0.0.0", 0)))
        gateway = probe.gateway_of(docker, on[Egress.OPEN])
        hosts = [f"{address}:{here.getsockname()[1]}" for address in _addresses(gateway, guard)]
        there = [neighbour, *hosts]
        looks = {
            Egress.OPEN: pool.submit(look, on[Egress.OPEN], [*there, *_special(guard)]),
            **{
                egress: pool.submit(look, on[egress], [*there, _INTO_THE_WORLD])
                for egress in (Egress.FILTERED, Egress.NONE)
            },
        }
        silent = [target for target in (neighbour, *hosts[:1]) if not _answers(target)]
        listens = finding("what is tried answers", not silent, f"{silent} is silent by itself")
        seen = {egress: looking.result() for egress, looking in looks.items()}
    return [
        listens,
        *(_reach(egress, result) for egress, result in seen.items()),
        *held(seen[Egress.OPEN], probe.users_of(Path("/proc/self/uid_map").read_text())),
    ]


def _reach(egress: Egress, seen: probe.Seen) -> Finding:
    reached = ", ".join(seen.passed())
    return finding(f"reach of {egress.value}", bool(seen.tries) and not reached, reached)


def held(seen: probe.Seen, users_here: str) -> Iterator[Finding]:
    """What the engine was asked for, as the kernel has it; `users_here` are the machine's own."""
    status = seen.status
    yield finding("capabilities", int(status.get("CapBnd", "1"), 16) == 0, status.get("CapBnd", ""))
    yield finding(
        NO_NEW_PRIVILEGES,
        status.get("NoNewPrivs") == "1",
        _NO_DEFAULT,
    )
    yield finding("seccomp", status.get("Seccomp") == "2", "the engine runs without seccomp")
    yield finding("read-only root", "root read-only" in seen.text, "the root can be written")
    limits = {line[:26].strip(): line[26:].split()[:2] for line in seen.text.splitlines()}
    yield finding("open files", limits.get("Max open files") == ["4096", "4096"])
    yield finding("core files", limits.get("Max core file size") == ["0", "0"])
    mapped = seen.users not in ("", users_here)
    yield replace(finding(USER_NAMESPACES, mapped, _NOT_REMAPPED), grave=False)


def _addresses(gateway: str, guard: Guard) -> list[str]:
    """Where a socket of this node would be reached, and another machine of the cluster."""
    others = [str(next(ipaddress.IPv4Network(network).hosts())) for network in guard.cluster]
    return [gateway, *addresses_here(guard.prefix), *others]


def _special(guard: Guard) -> list[str]:
    """Private places that no class names."""
    named = {way.network for way in guard.private}
    return [target for target in _INTO_SPECIAL if not named or target.startswith("169.254")]


def addresses_here(but_prefix: str) -> list[str]:
    """This machine's IPv4 addresses, except of loopback and of environments' bridges."""
    links = json.loads(run(["ip", "-4", "-json", "addr", "show"], why="addresses"))
    return [
        str(address["local"])
        for link in links
        if link.get("ifname", "lo") != "lo" and not link["ifname"].startswith(but_prefix)
        for address in link.get("addr_info", [])
    ]


def _answers(target: str) -> bool:
    """The control: where nobody listens, a refusal would prove nothing."""
    host, _, port = target.rpartition(":")
    for _ in range(40):
        try:
            with socket.create_connection((host, int(port)), timeout=0.5):
                return True
        except OSError:
            time.sleep(0.05)
    return False
