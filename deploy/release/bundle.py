"""The installation bundle: what an operator needs to run a release, without its sources."""

import gzip
import io
import re
import subprocess
import tarfile
from pathlib import Path

from deploy.machine.commands import program
from deploy.machine.failures import CannotStart

CONTENT = (
    *("docker-compose.yml", ".env.example", "LICENSE", "CHANGELOG.md", "SECURITY.md", "docs"),
    *("deploy/__init__.py", "deploy/machine", "deploy/node", "deploy/compose"),
    *("deploy/setup/operator.sh", "deploy/setup/apt-install.sh"),
    *("requirements/runtime.txt", "services/kit/mydocker_kit", "clients/python"),
)
"""Paths of the repository; Python packages are those of the operator's commands."""
_COMPOSE = "docker-compose.yml"
_BUILD_BLOCK = re.compile(r"^x-build:.*?\n\n", re.MULTILINE | re.DOTALL)
_BUILD_KEY = re.compile(r"^(\s+)build: \{.*\}$", re.MULTILINE)
_OPENING = re.compile(r"\A(?:#.*\n)+")
_LATEST = "${MYDOCKER_VERSION:-latest}"


def compose_file(text: str, version: str) -> str:
    """`docker-compose.yml` for people without sources: images of this version, never built.

    Nor fetched from wherever these names lead to: `docker load` or `MYDOCKER_IMAGES` (a registry
    of one's own) and `MYDOCKER_PULL=missing` provide them.
    """
    text = _OPENING.sub(
        f"# MyDocker {version} on one machine: docs/operating/install.md.\n", text, count=1
    )
    text, blocks = _BUILD_BLOCK.subn("", text)
    text, lines = _BUILD_KEY.subn(r"\1pull_policy: ${MYDOCKER_PULL:-never}", text)
    text = text.replace(_LATEST, f"${{MYDOCKER_VERSION:-{version}}}")
    if not blocks or not lines or "build:" in text or "latest" in text:
        raise CannotStart(f"{_COMPOSE} has another form than the bundle expects.")
    return text


def write(root: Path, revision: str, version: str, target: Path) -> None:
    """Pack the content of a commit into `target`; the same commit gives the same bytes."""
    archive = subprocess.run(
        [program("git"), "archive", "--format=tar", revision, "--", *CONTENT],
        cwd=root,
        capture_output=True,
        check=False,
        timeout=60,
    )
    if archive.returncode != 0:
        raise CannotStart(f"Git could not pack the bundle: {archive.stderr.decode()[-300:]}")
    draft = target.with_suffix(".tmp")
    with (
        tarfile.open(fileobj=io.BytesIO(archive.stdout)) as source,
        gzip.GzipFile(draft, "wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as bundle,
    ):
        for member in source:
            data = source.extractfile(member)
            content = data.read() if data is not None else b""
            if member.name == _COMPOSE:
                content = compose_file(content.decode(), version).encode()
                member.size = len(content)
            member.name = f"mydocker-{version}/{member.name}"
            member.pax_headers = {}
            bundle.addfile(member, io.BytesIO(content) if member.isfile() else None)
    draft.replace(target)
