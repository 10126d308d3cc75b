"""Programs of the platform as processes that a test ends and starts again, on the same port."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.support.ports import is_listener
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
PATIENCE = 100.0
"""Seconds: long, for machines with other work; a program that ends is noticed at once."""


@dataclass
class Program:
    """One process; `await_open` returns when it listens on its port itself."""

    name: str
    command: list[str]
    port: int
    variables: dict[str, str]
    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env={**os.environ, **self.variables}, stdout=log, stderr=log, cwd=ROOT
            )

    async def await_open(self) -> None:
        def is_open() -> bool:
            self._must_run()
            return is_listener(self.pid, self.port)

        await until(is_open, f"{self.name} listens at {self.port}", PATIENCE)

    def _must_run(self) -> None:
        if self.process is None or self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended: {self.log.read_text()[-2000:]}")

    async def await_ready(self, port: int | None = None) -> None:
        """Return when it says that it can do its work, at its port or at another one of its own;
        each question on a connection of its own."""
        url = f"http://127.0.0.1:{port or self.port}/health/ready"
        alone = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE, limits=alone) as http:

            async def is_ready() -> bool:
                self._must_run()
                with suppress(httpx.TransportError):
                    return (await http.get(url)).is_success
                return False

            await until(is_ready, f"{self.name} is ready", PATIENCE)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, and return when it has."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait(100)
            self.process = None

    async def restart(self, how: signal.Signals = signal.SIGTERM) -> None:
        """What an operator does, or a crash."""
        await asyncio.to_thread(self.end, how)
        self.start()
        await self.await_open()

    def pids(self) -> list[int]:
        """Its process, and those it has forked."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]

    def cpu_seconds(self) -> float:
        """Processor time that all its processes have used."""
        return sum(map(_cpu_seconds, self.pids()))

    def resident_mib(self) -> float:
        """Memory of its own and shared, as the kernel counts it for each of its processes."""
        return sum(map(_resident_mib, self.pids()))


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def service(module: str, port: int, variables: dict[str, str], folder: Path) -> Program:
    """A service of ours, by its package."""
    command = [sys.executable, "-m", module, "serve"]
    own = {"MYDOCKER_LISTEN_PORT": str(port), "MYDOCKER_LOG_LEVEL": "WARNING"}
    return Program(module, command, port, {**own, **variables}, folder)


def edge(
    port: int,
    api: int,
    gateway: int,
    folder: Path,
    desktop: int = 1,
    access: int | None = None,
    stream: int = 1,
) -> Program:
    """The edge as it is deployed; some tests have no desktops and no streams."""
    caddy = str(Path(sys.executable).with_name("caddy"))
    config = str(ROOT / "deploy/edge/Caddyfile")
    variables = {
        "MYDOCKER_EDGE_APP": f"http://localhost:{port}",
        "MYDOCKER_EDGE_CONTENT": f"http://*.env.localhost:{port}",
        "MYDOCKER_EDGE_BIND": "127.0.0.1",
        "MYDOCKER_EDGE_AUTO_HTTPS": "off",
        "MYDOCKER_EDGE_GATEWAY": f"127.0.0.1:{gateway}",
        "MYDOCKER_EDGE_API": f"127.0.0.1:{api}",
        "MYDOCKER_EDGE_ACCESS": f"127.0.0.1:{access or api}",
        "MYDOCKER_EDGE_DESKTOP": f"127.0.0.1:{desktop}",
        "MYDOCKER_EDGE_STREAM": f"127.0.0.1:{stream}",
        "MYDOCKER_EDGE_SPA": str(folder),
        "MYDOCKER_EDGE_FORMS": "http://lms.test",
        "HOME": str(folder),
    }
    command = [caddy, "run", "--config", config, "--adapter", "caddyfile"]
    return Program("edge", command, port, variables, folder)


def bare_proxy(port: int, upstream: int, folder: Path) -> Program:
    """The same program as the edge, doing nothing but handing on."""
    caddy = str(Path(sys.executable).with_name("caddy"))
    config = folder / "bare.Caddyfile"
    config.write_text(
        "{\n admin off\n persist_config off\n auto_https off\n}\n"
        f"http://:{port} {{\n bind 127.0.0.1\n reverse_proxy 127.0.0.1:{upstream}\n}}\n"
    )
    command = [caddy, "run", "--config", str(config), "--adapter", "caddyfile"]
    return Program("bare", command, port, {"HOME": str(folder)}, folder)
