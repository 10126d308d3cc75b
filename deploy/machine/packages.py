"""Debian packages the demo and the tests need, installed only where their program is missing."""

import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .commands import program
from .failures import CannotStart
from .instance import ROOT

_INSTALL = ROOT / "deploy/setup/apt-install.sh"
_SECONDS = 900.0


@dataclass(frozen=True)
class Package:
    """A Debian package, the program that proves it is there, and why we want it."""

    name: str
    program: str
    reason: str


ENGINE = Package("docker.io", "dockerd", "builds and runs containers")
CLIENT = Package("docker-cli", "docker", "runs programs in containers")
"""Debian 12 has its program in `docker.io` and no such package: ask for it after `ENGINE`."""
REGISTRY = Package("docker-registry", "docker-registry", "keeps the built images")
BOOTSTRAP = Package("debootstrap", "debootstrap", "makes the base image without Docker Hub")
ADDRESSES = Package("iproute2", "ip", "makes a network for builds")
FIREWALL = Package("iptables", "iptables", "gives builds a way out")
PROCESSES = Package("procps", "sysctl", "switches packet forwarding on")
SSH = Package("openssh-client", "ssh", "opens a shell in an environment")
BROWSER = Package("chromium", "chromium", "drives the pages in tests")
ATOMIC = Package("libatomic1", "", "lets the browser's driver run")
BUSYBOX = Package("busybox-static", "busybox", "tries from inside what environments must not reach")
DESKTOP = Package("tigervnc-standalone-server", "Xtigervnc", "shows a desktop in tests")
FONTS = Package("fonts-dejavu-core", "", "gives the browser letters")

FOR_DEMO = (ENGINE, REGISTRY, BOOTSTRAP, ADDRESSES, FIREWALL, PROCESSES, BUSYBOX)
FOR_NODES = (ENGINE, REGISTRY, ADDRESSES, FIREWALL, BUSYBOX)
FOR_TESTS = (*FOR_DEMO, SSH, BROWSER, ATOMIC, DESKTOP, FONTS)


def path_of(name: str) -> str:
    """Where a daemon's program is, also outside a person's path."""
    return program(name)


def missing(wanted: Iterable[Package]) -> list[Package]:
    return [package for package in wanted if not _is_there(package)]


def _is_there(package: Package) -> bool:
    if not package.program:
        return Path(f"/usr/share/doc/{package.name}").exists()
    return shutil.which(program(package.program)) is not None


def ensure(wanted: Iterable[Package]) -> None:
    """Install what is missing; says what and why, never starts a daemon."""
    lacking = missing(wanted)
    if not lacking:
        return
    reason = "; ".join(f"{package.name} {package.reason}" for package in lacking)
    names = [package.name for package in lacking]
    done = subprocess.run([str(_INSTALL), reason, *names], check=False, timeout=_SECONDS)
    if done.returncode != 0:
        raise CannotStart(f"install these Debian packages, then run again: {' '.join(names)}.")
