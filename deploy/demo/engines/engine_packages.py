"""A current Docker engine beside an older one: unpacked from Debian packages, never installed.

Debian 12 ships Docker 20.10, whose BuildKit reads no heredocs. The packages of Debian's next
releases run on it (28.5 in forky, November 2026). They are downloaded with apt from the machine's
own mirror, checked against the archive's signatures, and unpacked into the cache folder. apt gets
folders of its own for its lists, so the machine's never hear of the other release. `runc` stays
the machine's, because a newer one wants a newer C library.

A release moves on. What it offers at the moment is taken, as long as this machine's C library is
new enough for it; else the release before. The lists are refreshed once a day, and without a
network what was unpacked last is used.
"""

import contextlib
import fcntl
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.machine import packages
from deploy.machine.commands import run, succeeds
from deploy.machine.failures import CannotStart
from deploy.machine.instance import cache_folder

from . import apt_sources

SUITES = ("forky", "trixie")
"""Newest first; the next one is taken where the C library here is too old for it."""
PACKAGES = ("docker.io", "containerd", "docker-cli", "docker-buildx", "tini-static")
_PROGRAMS = ("usr/sbin", "usr/bin", "usr/libexec/docker/cli-plugins")
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_FRESH_SECONDS = 24 * 3600
_DOWNLOAD_SECONDS = 600
_INSTEAD = "or install Docker 24 or newer with its buildx plugin"
_RUNC = packages.Package("runc", "runc", "starts containers")


@dataclass(frozen=True)
class Offer:
    """The versions of the engine's packages in one suite."""

    suite: str
    versions: Mapping[str, str]
    libc: str
    """The newest C library that any of them asks for; empty: none says."""

    @property
    def folder_name(self) -> str:
        engine, containerd = (self.versions[name] for name in ("docker.io", "containerd"))
        return re.sub(r"[^\w.+~-]", "_", f"{self.suite}-{engine}-{containerd}")


def ready() -> Path:
    """The folder with the current engine's programs, made now if need be."""
    packages.ensure((_RUNC,))
    base = cache_folder() / "engines"
    base.mkdir(parents=True, exist_ok=True)
    with _locked(base):
        return _newest(base)


def _newest(base: Path) -> Path:
    """What the suites offer; without an answer, what was unpacked last."""
    unpacked = sorted(base.glob("*/bin/dockerd"), key=lambda path: path.lstat().st_mtime)
    stamp = base / "checked"
    if unpacked and stamp.exists() and time.time() - stamp.stat().st_mtime < _FRESH_SECONDS:
        return unpacked[-1].parent
    try:
        programs = _unpacked(base, _chosen(base))
    except CannotStart as error:
        if not unpacked:
            raise
        print(f"  · {error} The engine unpacked last is used.", file=sys.stderr)
        return unpacked[-1].parent
    stamp.touch()
    return programs


def _chosen(base: Path) -> Offer:
    """The newest offer whose programs run with this machine's C library."""
    if not shutil.which("apt-get"):
        raise CannotStart(f"no apt-get here: use a Debian machine, {_INSTEAD}.")
    here = (os.confstr("CS_GNU_LIBC_VERSION") or "").rpartition(" ")[2]
    refused = []
    for suite in SUITES:
        try:
            offer = Apt(base / "apt" / suite, suite).offer()
        except CannotStart as error:
            refused.append(f"{suite}: {error}")
            continue
        if runs_here(offer.libc, here):
            for reason in refused:
                print(f"  · not used: {reason}", file=sys.stderr)
            return offer
        refused.append(
            f"{suite}: {offer.versions['docker.io']} wants a C library of {offer.libc}, here is"
            f" {here}"
        )
    raise CannotStart(
        f"no current Docker engine ({'; '.join(refused)}): name a Debian mirror with"
        f" these releases in MYDOCKER_DEBIAN_MIRROR, {_INSTEAD}."
    )


def runs_here(wanted: str, here: str) -> bool:
    """Whether a C library of version `here` is enough for `wanted`."""
    return not wanted or succeeds(["dpkg", "--compare-versions", here, "ge", wanted])


class Apt:
    """apt for one suite, with lists and caches of its own."""

    def __init__(self, folder: Path, suite: str) -> None:
        self._folder, self._suite = folder, suite
        self._why = f"Debian's {suite}"

    def offer(self) -> Offer:
        """Refresh the lists, and read from them what there is."""
        self._prepare()
        update = self._command("apt-get", "-q", "update")
        run(update, why=self._why, seconds=_DOWNLOAD_SECONDS)
        shown = self._command("apt-cache", "show", "--no-all-versions", *PACKAGES)
        return parse_offer(self._suite, run(shown, why=self._why))

    def download(self, offer: Offer, into: Path) -> None:
        """The packages of this offer; apt compares them with the signed lists."""
        wanted = [f"{name}={version}" for name, version in offer.versions.items()]
        run(
            self._command("apt-get", "-q", "download", *wanted),
            why=self._why,
            seconds=_DOWNLOAD_SECONDS,
            folder=into,
        )

    def _prepare(self) -> None:
        for name in ("lists/partial", "cache/archives/partial"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        mirror = apt_sources.mirror(apt_sources.of_machine())
        signed = f" [signed-by={_KEYRING}]" if _KEYRING.exists() else ""
        source = f"deb{signed} {mirror} {self._suite} main\n"
        (self._folder / "sources.list").write_text(source, encoding="utf-8")

    def _command(self, *words: str) -> list[str]:
        options = {
            "Dir::Etc::sourcelist": self._folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::State": self._folder,
            "Dir::State::status": "/dev/null",
            "Dir::Cache": self._folder / "cache",
            # The folder of the cache may be closed to apt's own user.
            "APT::Sandbox::User": "root",
            # Else a mirror that does not answer is only a warning.
            "APT::Update::Error-Mode": "any",
        }
        given = [
            argument for name, value in options.items() for argument in ("-o", f"{name}={value}")
        ]
        return [words[0], *given, *words[1:]]


def parse_offer(suite: str, text: str) -> Offer:
    """What `apt-cache show` printed."""
    stanzas = [_fields(stanza) for stanza in re.split(r"\n\s*\n", text.strip())]
    versions = {stanza["Package"]: stanza["Version"] for stanza in stanzas if "Version" in stanza}
    absent = [name for name in PACKAGES if name not in versions]
    if absent:
        raise CannotStart(f"it has no {', '.join(absent)}.")
    asked = [libc for stanza in stanzas for libc in _libc_of(stanza.get("Depends", ""))]
    newest = ""
    for version in asked:
        newest = newest if newest and runs_here(version, newest) else version
    return Offer(suite, {name: versions[name] for name in PACKAGES}, newest)


def _fields(stanza: str) -> dict[str, str]:
    pairs = (line.split(": ", 1) for line in stanza.splitlines() if not line.startswith(" "))
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _libc_of(depends: str) -> list[str]:
    return re.findall(r"\blibc6 \(>= ([^)]+)\)", depends)


def _unpacked(base: Path, offer: Offer) -> Path:
    """The folder of programs of this offer; downloaded and unpacked where it is not there yet."""
    folder = base / offer.folder_name
    if not (folder / "bin/dockerd").exists():
        version = offer.versions["docker.io"]
        print(f"  · unpacking docker.io {version} of {offer.suite}", file=sys.stderr)
        with tempfile.TemporaryDirectory(dir=base, prefix="unpacking-") as work:
            made = Path(work) / "made"
            Apt(base / "apt" / offer.suite, offer.suite).download(offer, Path(work))
            for package in sorted(Path(work).glob("*.deb")):
                run(["dpkg", "-x", str(package), str(made)], why=f"unpacking {package.name}")
            _link_programs(made)
            shutil.rmtree(folder, ignore_errors=True)
            made.rename(folder)
    return folder / "bin"


def _link_programs(root: Path) -> None:
    """One folder for PATH; `docker-init` is tini under another name."""
    programs = root / "bin"
    programs.mkdir()
    for folder in _PROGRAMS:
        for program in (root / folder).iterdir():
            (programs / program.name).symlink_to(f"../{folder}/{program.name}")
    if not (programs / "docker-init").is_symlink():
        (programs / "docker-init").symlink_to("tini-static")


@contextlib.contextmanager
def _locked(base: Path) -> Iterator[None]:
    """Lanes of tests start side by side; one of them unpacks."""
    with (base / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
