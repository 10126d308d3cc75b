"""What the idle control plane holds in memory, on a running demo.

`python -m tests.benchmarks.memory --state .demo`. Proportional set size: what is shared between
processes is counted once. The LMS of the demo and the engines are no part of the control plane.
"""

import argparse
from pathlib import Path

from deploy.machine.instance import Instance, cache_folder
from deploy.machine.network.ports import Ports
from deploy.machine.processes import Supervisor

OURS = ("edge", "api", "lti-gateway", "orchestrator", "builder", "bastion")
AROUND = ("database", "registry")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", default=".demo")
    parser.add_argument("--name", default="demo")
    asked = parser.parse_args()
    show(Instance(asked.name, Path(asked.state).resolve(), Ports(), cache=cache_folder()))


def show(instance: Instance) -> None:
    supervisor = Supervisor(instance)
    ours = held(supervisor, OURS)
    print(f"control plane: {ours:.0f} MiB")
    print(f"with what stands around it: {ours + held(supervisor, AROUND):.0f} MiB")


def held(supervisor: Supervisor, programs: tuple[str, ...]) -> float:
    whole = 0.0
    for program in programs:
        mib = sum(map(proportional_mib, family(supervisor.pid(program))))
        print(f"  {program:14}{mib:8.1f} MiB")
        whole += mib
    return whole


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    processes = [pid] if pid else []
    for process in processes:  # grows while it is read
        children = Path(f"/proc/{process}/task/{process}/children")
        processes += [int(child) for child in children.read_text().split()]
    return processes


def proportional_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("Pss:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
