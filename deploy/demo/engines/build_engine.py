"""An engine only for builds, so that no build ever runs beside people's environments."""

from deploy.machine.bridges import raise_build_bridge
from deploy.machine.instance import Instance
from deploy.machine.processes import Program, Supervisor
from deploy.node.network import resolvers_here

from . import engine

PROGRAM = "build-engine"


def url_of(instance: Instance) -> str:
    return f"unix://{engine.socket_of(instance, PROGRAM)}"


def program(instance: Instance) -> Program:
    """It never touches the machine's firewall: its bridge and rules are ours."""
    options: dict[str, object] = {"iptables": False, "ip6tables": False, "ip-masq": False}
    return engine.dockerd(instance, PROGRAM, bridge=instance.build_bridge, **options)


def start(instance: Instance, supervisor: Supervisor) -> None:
    raise_build_bridge(instance, resolvers_here())
    engine.start_own(instance, supervisor, PROGRAM)
