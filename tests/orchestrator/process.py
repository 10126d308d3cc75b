"""The orchestrator as a program of its own, that can be killed."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

from tests.conftest import ServiceKeys
from tests.orchestrator.running import client_of
from tests.support.ports import is_listener, reserved

from mydocker_orchestrator.settings import Settings

_MOTHER = """
import os, signal, sys
import mydocker_orchestrator.__main__ as program

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in sys.stdin:
    child = os.fork()
    if not child:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(2, 1)
        sys.argv = ["mydocker_orchestrator", "serve"]
        program.main(program.SERVICE, program.Settings, program.build, program.MIGRATIONS)
        os._exit(0)
    print(child, flush=True)
"""
"""Loads the program once and forks: loading takes as long as all the rest of a kill."""


_START_SECONDS = 100.0


class OrchestratorProcess:
    """Starts, kills and starts again the same orchestrator on the same port."""

    def __init__(self, settings: Settings, keys: ServiceKeys, log: Path) -> None:
        self._log = log
        self._kept = ExitStack()
        (self.port,) = self._kept.enter_context(reserved())
        self.client = client_of(keys, f"http://127.0.0.1:{self.port}")
        self._variables = _variables(settings, self.port)
        self._mother: subprocess.Popen[str] | None = None
        self._child: int | None = None

    async def start(self) -> None:
        """Start it and wait until it answers."""
        if self._mother is None:
            with self._log.open("ab") as log:
                self._mother = subprocess.Popen(
                    [sys.executable, "-c", _MOTHER],
                    env={**os.environ, **self._variables},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.write("\n")
        self._mother.stdin.flush()
        self._child = int(await asyncio.to_thread(self._mother.stdout.readline))
        async with asyncio.timeout(_START_SECONDS):
            while not is_listener(self._child, self.port):  # it listens once it has begun
                if not Path(f"/proc/{self._child}").exists():
                    raise AssertionError(f"the orchestrator does not come up; see {self._log}")
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """End it at this very instruction."""
        child, self._child = self._child, None
        if child is None:
            return
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
            while True:  # nobody awaits it: it is gone once it has ended
                os.kill(child, 0)
                await asyncio.sleep(0.01)

    async def aclose(self) -> None:
        await self.kill()
        if self._mother:
            self._mother.communicate()
        self._kept.close()
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
