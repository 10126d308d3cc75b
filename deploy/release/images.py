"""Images of a release: built from `docker-compose.yml` with OCI labels, described by an SBOM."""

import gzip
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from deploy.machine.commands import program, run
from deploy.machine.failures import CannotStart, doing
from deploy.machine.instance import cache_folder

NAMES = (
    *("api", "orchestrator", "builder", "lti-gateway", "bastion"),
    *("edge", "postgres", "registry", "build-engine"),
)
_PREFIX = "mydocker"
_BUILD_SECONDS, _SBOM_SECONDS, _SAVE_SECONDS = 3600.0, 600.0, 3600.0
_UNUSED = ("MYDOCKER_APP_ORIGIN", "MYDOCKER_USER_CONTENT_ORIGIN", "MYDOCKER_EDGE_CONTENT")
"""What Compose wants even for a build, which does not use it."""


def name(image: str, version: str) -> str:
    return f"{_PREFIX}/{image}:{version}"


def build(
    root: Path,
    version: str,
    revision: str,
    created: datetime,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Build every image; its labels say version, commit and the time of the commit."""
    compose = Path(sys.executable).with_name("docker-compose")
    environment = {
        **dict.fromkeys(_UNUSED, "http://unused.invalid"),
        **environment,
        "MYDOCKER_VERSION": version,
        "MYDOCKER_REVISION": revision,
        "MYDOCKER_CREATED": created.isoformat(),
    }
    run(
        [str(compose), "build"],
        why="the images were not built",
        seconds=_BUILD_SECONDS,
        environment=environment,
        folder=root,
    )


def describe(root: Path, image: str, target: Path) -> None:
    """Write the packages of an image as CycloneDX. Looks nothing up outside of this machine."""
    quiet = {"SYFT_CHECK_FOR_APP_UPDATE": "false"}
    run(
        [str(_syft(root)), f"docker:{image}", "--quiet", "--output", f"cyclonedx-json={target}"],
        why=f"no SBOM of {image} was written",
        seconds=_SBOM_SECONDS,
        environment={**os.environ, **quiet},
    )


def _syft(root: Path) -> Path:
    """Syft, from the package index at its locked version, in a folder of its own."""
    locked = root / "requirements/release.txt"
    folder = cache_folder() / "release-tools"
    stamp = folder / "made-from"
    if not stamp.exists() or stamp.read_text("utf-8") != locked.read_text("utf-8"):
        shutil.rmtree(folder, ignore_errors=True)
        why = "the tool that writes SBOMs was not installed"
        run([sys.executable, "-m", "venv", str(folder)], why=why, seconds=120)
        quietly = ("--quiet", "--disable-pip-version-check", "--require-hashes")
        install = [str(folder / "bin/pip"), "install", *quietly, "-r", str(locked)]
        run(install, why=why, seconds=600)
        stamp.write_text(locked.read_text("utf-8"), "utf-8")
    return folder / "bin/syft"


def save(images: list[str], target: Path) -> None:
    """Write images into one archive that `docker load` reads."""
    command = [program("docker"), "save", *images]
    draft = target.with_suffix(".tmp")
    with doing("save the images"), subprocess.Popen(command, stdout=subprocess.PIPE) as saving:
        assert saving.stdout is not None  # noqa: S101 - a pipe was asked for
        with gzip.GzipFile(draft, "wb", compresslevel=4, mtime=0) as packed:
            shutil.copyfileobj(saving.stdout, packed, 1 << 20)
        if saving.wait(_SAVE_SECONDS) != 0:
            raise CannotStart("docker save failed: its words are above.")
    draft.replace(target)
