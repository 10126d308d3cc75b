"""The volume plugin of a machine of the tests: started, killed, started again."""

import subprocess
import sys
from dataclasses import dataclass, field

from deploy.machine.docker import Docker

from mydocker_kit.docker.errors import EngineError
from tests.support.waiting import eventually

from .machines import Machine

DRIVER = "mydocker"


@dataclass
class VolumePlugin:
    """`deploy.node.volumes` on a machine whose plan has `volumes`."""

    machine: Machine
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def root(self) -> str:
        return f"{self.machine.folder}/volumes"

    def start(self) -> None:
        """Start it; return once the engine knows it."""
        self.launch()
        self.await_known()

    def launch(self) -> None:
        """Start it, whether the engine runs or not."""
        self.kill()
        self.machine.open_mounts()
        command = [sys.executable, "-m", "deploy.node.volumes", "--root", self.root]
        with (self.machine.folder / "plugin.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.machine.enter([*command, "--engine", self.machine.url]),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def await_known(self) -> None:
        """Return once the engine knows it, as after a start of the engine."""
        eventually(self._is_known, f"the engine of {self.machine.plan.name} knows it", 60)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def call(self, path: str, body: str = "{}") -> str:
        """The answer to one call on its socket, as the machine sees it."""
        socket = f"/run/docker/plugins/{DRIVER}.sock"
        curl = ["curl", "-sS", "--unix-socket", socket, "-d", body, f"http://plugin{path}"]
        return subprocess.run(
            self.machine.enter(curl), capture_output=True, text=True, check=True, timeout=120
        ).stdout

    def _is_known(self) -> bool:
        try:
            with Docker(self.machine.url) as docker:
                return DRIVER in (docker.get("/info")["Plugins"].get("Volume") or [])
        except EngineError:
            return False
