"""Where the developer's platform lives: in the repository, its sockets below /tmp."""

import os
from dataclasses import dataclass
from pathlib import Path

from deploy.machine.instance import ROOT, Instance
from deploy.machine.network.ports import Ports

STATE = ROOT / ".state/dev"
BASE_PORT = 9000
"""Beside the demo, which takes 8000 to 8600."""


@dataclass(frozen=True)
class DevInstance(Instance):
    """An instance that an ordinary user may have."""

    @property
    def run(self) -> Path:
        """Short, because a socket's path holds 107 bytes; and not below /run, which is root's."""
        return Path(f"/tmp/mydocker-dev-{os.getuid()}-{self.ports.base}")  # noqa: S108


def dev_instance(state: Path = STATE, base_port: int = BASE_PORT) -> DevInstance:
    return DevInstance("dev", state.resolve(), Ports(base_port))
