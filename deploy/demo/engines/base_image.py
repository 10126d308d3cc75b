"""`debian:12` on the build engine: pulled, or made here where Docker Hub is out of reach."""

import io
import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from deploy.demo.report import Report
from deploy.machine.commands import run
from deploy.machine.docker import Docker
from deploy.machine.failures import CannotStart
from deploy.machine.instance import Instance
from mydocker_kit.docker.errors import EngineError

from . import apt_sources, authorities

IMAGE = "debian:12"
_PLAIN = "mydocker-plain-debian:12"
_PULL_SECONDS = 10.0
_FRESH_SECONDS = 30 * 24 * 3600
"""Older than this, what we made is made anew, for the security updates."""
_DEBIAN_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def ready(instance: Instance, docker: Docker, report: Report) -> None:
    """Make sure the build engine has the base image."""
    if docker.exists(f"/images/{IMAGE}/json"):
        return
    if not _pulled(docker, report):
        _import(docker, _root_archive(instance, report), report)
    _adapt(docker, report)


def _pulled(docker: Docker, report: Report) -> bool:
    """Whether Docker Hub gave the image; it gets ten seconds to begin."""
    report.detail("asking Docker Hub")
    deadline = time.monotonic() + _PULL_SECONDS
    try:
        progress = docker.follow("/images/create", seconds=_PULL_SECONDS, fromImage=IMAGE)
        for message in progress:
            status = str(message.get("status", ""))
            report.detail(f"Docker Hub: {status}")
            if status.startswith("Downloading"):
                deadline = float("inf")
            if time.monotonic() > deadline:
                return False
        docker.call("POST", f"/images/{IMAGE}/tag", repo=_PLAIN.split(":")[0], tag="12")
    except (EngineError, httpx.HTTPError):
        return False
    return True


def _root_archive(instance: Instance, report: Report) -> Path:
    """A minimal Debian as an archive, from the cache or made now."""
    archive = instance.cache / f"debian-{apt_sources.SUITE}.tar"
    if archive.exists() and time.time() - archive.stat().st_mtime < _FRESH_SECONDS:
        return archive
    report.detail("Docker Hub is out of reach; making Debian 12 from its packages")
    mirror = apt_sources.mirror(apt_sources.of_machine())
    instance.cache.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="debian-", dir=instance.cache))
    try:
        root, draft = work / "root", work / "root.tar"
        keyring = [f"--keyring={_DEBIAN_KEYRING}"] if _DEBIAN_KEYRING.exists() else []
        command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", *keyring]
        why = "the base image could not be made"
        run([*command, apt_sources.SUITE, str(root), mirror], why=why, seconds=900)
        shutil.rmtree(root / "var/cache/apt/archives", ignore_errors=True)
        for listing in (root / "var/lib/apt/lists").glob("*_*"):
            listing.unlink()
        report.detail("packing the base image")
        run(
            ["tar", "--numeric-owner", "-C", str(root), "-cf", str(draft), "."],
            why=why,
            seconds=300,
        )
        draft.replace(archive)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return archive


def _import(docker: Docker, archive: Path, report: Report) -> None:
    report.detail("importing the base image")
    repository, tag = _PLAIN.split(":")
    with archive.open("rb") as content:
        for _ in docker.follow(
            "/images/create", content, fromSrc="-", repo=repository, tag=tag, seconds=300
        ):
            pass


def _adapt(docker: Docker, report: Report) -> None:
    """Lay this machine's mirror and its extra certificate authorities over the plain image."""
    report.detail("adding this machine's mirror and authorities")
    try:
        for _ in docker.follow("/build", _context(), seconds=300, t=IMAGE, forcerm="true"):
            pass
    except EngineError as error:
        raise CannotStart(f"the base image could not be finished: {error}") from error


def _context() -> bytes:
    files = dict(_files())
    dockerfile = [f"FROM {_PLAIN}", "COPY files/ /", 'CMD ["bash"]']
    if authorities.extra():
        pairs = " ".join(f"{name}={authorities.BUNDLE}" for name in authorities.VARIABLES)
        dockerfile.append(f"ENV {pairs}")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        _add(archive, "Dockerfile", "\n".join(dockerfile).encode())
        for name, content in files.items():
            _add(archive, f"files/{name}", content)
    return packed.getvalue()


def _files() -> Iterator[tuple[str, bytes]]:
    """What differs from Debian's own image. The bundle holds the extra authorities already, and
    `update-ca-certificates` finds them again in their folder."""
    yield "etc/apt/apt.conf.d/90mydocker", b'APT::Install-Recommends "false";\n'
    # As Debian's image from Docker Hub has it: a build that breaks off is thrown away whole, so
    # nothing is won by waiting for the disk at each file.
    yield "etc/dpkg/dpkg.cfg.d/90mydocker", b"force-unsafe-io\n"
    sources = apt_sources.of_machine()
    if sources:
        lines = "\n".join(source.entry for source in sources) + "\n"
        yield "etc/apt/sources.list", lines.encode()
        # An image from Docker Hub names its mirror here; an empty file takes that name back.
        yield "etc/apt/sources.list.d/debian.sources", b""
    for authority in authorities.extra():
        yield f"usr/local/share/ca-certificates/{authority.name}", authority.read_bytes()
    if authorities.extra():
        yield str(authorities.BUNDLE).lstrip("/"), authorities.BUNDLE.read_bytes()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o644
    archive.addfile(entry, io.BytesIO(content))
