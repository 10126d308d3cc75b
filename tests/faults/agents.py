"""The programs that stay on the lab's machines, and the keys by which they know who asks."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from deploy.node.settings import ORCHESTRATOR
from tests.conftest import ServiceKeys
from tests.support.engines.machines import Machine
from tests.support.engines.nodes import NodeLab
from tests.support.waiting import eventually

PORT = 8108


@pytest.fixture
def secrets(service_keys: ServiceKeys, tmp_path: Path) -> Path:
    """The keys as `deploy.compose init` lays them down."""
    key = service_keys.private[ORCHESTRATOR].get_secret_value()
    (tmp_path / "orchestrator.key").write_text(key, encoding="utf-8")
    (tmp_path / "trusted").symlink_to(service_keys.folder)
    return tmp_path


@dataclass
class Agents:
    """`deploy.node keep` on machines, each with its settings in `folder`."""

    folder: Path
    _running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def settings_path(self, machine: Machine) -> Path:
        """Where its settings are: what is /etc/mydocker/node.json elsewhere."""
        return self.folder / f"{machine.plan.name}.json"

    def start(self, machine: Machine) -> None:
        words = ["-m", "deploy.node", "--settings", str(self.settings_path(machine)), "keep"]
        self._running.append(subprocess.Popen(machine.enter([sys.executable, *words])))

    def end(self) -> None:
        for process in self._running:
            process.terminate()
            process.wait(timeout=20)


@contextmanager
def agents(lab: NodeLab, secrets: Path) -> Iterator[Agents]:
    """One on every worker."""
    trusted = (secrets / f"trusted/{ORCHESTRATOR}.pem").read_text("utf-8")
    running = Agents(secrets)
    try:
        for machine in lab.workers:
            settings = lab.settings(machine).model_copy(update={"trusted_key": trusted})
            settings.write(running.settings_path(machine))
            running.start(machine)
        for machine in lab.workers:
            await_agent(machine)
        yield running
    finally:
        running.end()


def await_agent(machine: Machine) -> None:
    url = f"http://{machine.address}:{PORT}/health/live"

    def answers() -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(url, trust_env=False, timeout=2).is_success
        return False

    eventually(answers, f"{url} answers")
