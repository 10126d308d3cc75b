"""A bridge of our own for the build engine, so that it leaves the other engine's alone."""

import contextlib
import ipaddress
import itertools
import json
from collections.abc import Sequence
from pathlib import Path

from ..commands import run, succeeds
from ..failures import CannotStart
from ..instance import Instance
from .firewall import allow_out, forget_way_out
from .subnets import free_subnet, used_here

_POOL = "172.30.0.0/15"


def raise_build_bridge(
    instance: Instance, resolvers: Sequence[str] = (), private: Sequence[str] = ()
) -> None:
    """Make the bridge and its way out; nothing changes where both are there."""
    bridge = instance.build_bridge
    subnet = _subnet_of(bridge)
    if subnet is None:
        subnet = str(free_subnet(_POOL, 24, used_here()))
        address = f"{next(ipaddress.IPv4Network(subnet).hosts())}/24"
        why = "the network of builds"
        run(["ip", "link", "add", bridge, "type", "bridge"], why=why)
        run(["ip", "addr", "add", address, "dev", bridge], why=why)
    run(["ip", "link", "set", bridge, "up"], why="the network of builds")
    allow_out(instance, bridge, subnet, resolvers, private)


def drop_build_bridge(instance: Instance) -> None:
    """Remove the bridge and its rules."""
    forget_way_out(instance, instance.build_bridge)
    succeeds(["ip", "link", "del", instance.build_bridge])


def _subnet_of(bridge: str) -> str | None:
    with contextlib.suppress(CannotStart):
        text = run(["ip", "-4", "-json", "addr", "show", "dev", bridge], why="the bridge")
        for address in json.loads(text)[0]["addr_info"]:
            interface = ipaddress.IPv4Interface(f"{address['local']}/{address['prefixlen']}")
            return str(interface.network)
    return None


def free_name(prefix: str) -> str:
    """The first name of an interface that nobody has."""
    taken = names(prefix)
    return next(name for number in itertools.count() if (name := f"{prefix}{number}") not in taken)


def names(prefix: str) -> set[str]:
    """The interfaces whose names begin so."""
    return {path.name for path in Path("/sys/class/net").glob(f"{prefix}*")}
