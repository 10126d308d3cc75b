"""The orchestrator as a program of its own, that can be killed."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
from tests.conftest import ServiceKeys
from tests.orchestrator.running import client_of

from mydocker_orchestrator.settings import Settings


class OrchestratorProcess:
    """Starts, kills and starts again the same orchestrator on the same port."""

    def __init__(self, settings: Settings, keys: ServiceKeys, log: Path) -> None:
        self._log = log
        self.port = _free_port()
        self.client = client_of(keys, f"http://127.0.0.1:{self.port}")
        self._variables = _variables(settings, self.port)
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "mydocker_orchestrator", "serve"],
                env={**os.environ, **self._variables},
                stdout=log,
                stderr=log,
            )
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            for _ in range(400):
                try:
                    await http.get(f"http://127.0.0.1:{self.port}/health/ready")
                    return
                except httpx.HTTPError:
                    await asyncio.sleep(0.05)
        raise AssertionError(f"the orchestrator does not come up; see {self._log}")

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it at this very instruction."""
        if self._process:
            self._process.send_signal(how)
            self._process.wait(timeout=20)
            self._process = None

    async def aclose(self) -> None:
        self.kill()
        await self.client.aclose()


def _variables(settings: Settings, port: int) -> dict[str, str]:
    return {
        "MYDOCKER_DATABASE_URL": settings.database_url.get_secret_value(),
        "MYDOCKER_DATABASE_POOL": str(settings.database_pool),
        "MYDOCKER_LISTEN_PORT": str(port),
        "MYDOCKER_SERVICE_KEY": settings.service_key.get_secret_value(),
        "MYDOCKER_TRUSTED_SERVICE_KEYS": str(settings.trusted_service_keys),
        "MYDOCKER_VAULT_KEYS": settings.vault_keys.get_secret_value(),
        "MYDOCKER_ENGINE_URL": settings.engine_url,
        "MYDOCKER_PLATFORM_NAME": settings.platform_name,
        "MYDOCKER_ENVIRONMENT_NETWORK": settings.environment_network,
        "MYDOCKER_NODE_ADDRESS": settings.node_address,
        "MYDOCKER_ORPHAN_GRACE": str(settings.orphan_grace),
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
