"""One instance of the platform on this machine: where it lives and what its parts are called."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from .network.ports import LOOPBACK, Ports

ROOT = Path(__file__).resolve().parents[2]
"""The repository."""


@dataclass(frozen=True)
class Instance:
    """Everything two instances on one machine must not share."""

    name: str
    state: Path
    ports: Ports
    own_engine: bool = False
    """Start an engine of our own even where one is found (tests)."""
    cache: Path = Path("~/.cache/mydocker")
    mail: bool = False
    """Environments may send mail themselves (SMTP), which is refused otherwise."""

    @property
    def run(self) -> Path:
        """Sockets and pid files. Short, because a socket's path holds 107 bytes."""
        return Path("/run/mydocker") / self.name

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def secrets(self) -> Path:
        return self.state / "secrets"

    @property
    def tag(self) -> str:
        """Four characters for names of network interfaces, which hold fifteen."""
        return "" if self.name == "demo" else hashlib.sha256(self.name.encode()).hexdigest()[:4]

    @property
    def network(self) -> str:
        """The network environments run on."""
        return "mydocker-open" if self.name == "demo" else f"mydocker-open-{self.name}"

    @property
    def environment_bridge(self) -> str:
        """How the bridge of environments is called, before its number."""
        return f"mdenv{self.tag}"

    @property
    def build_bridge(self) -> str:
        return f"mdbuild{self.tag}"

    @property
    def mark(self) -> str:
        """The comment on firewall rules that are ours."""
        return f"mydocker-{self.name}"

    @property
    def app_origin(self) -> str:
        return f"http://localhost:{self.ports.edge}"

    @property
    def user_content_origin(self) -> str:
        return f"http://env.localhost:{self.ports.edge}"

    @property
    def lms_origin(self) -> str:
        """Another site than the tool: `127.0.0.1` against `localhost`."""
        return f"http://{LOOPBACK}:{self.ports.lms}"


def cache_folder() -> Path:
    """Where what can be made again is kept for the next instance."""
    given = os.environ.get("MYDOCKER_CACHE")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "mydocker"
