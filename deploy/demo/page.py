"""The built page the edge serves; built again when its sources changed."""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from deploy.machine.commands import program
from deploy.machine.failures import CannotStart
from deploy.machine.instance import ROOT

from .preflight import check_node
from .report import Report

_FRONTEND = ROOT / "frontend"
_STAMP = ROOT / ".state/page"
_LOG = ROOT / ".state/page.log"
_LOCK = ROOT / ".state/page.lock"
_SECONDS = 600.0


def build(report: Report) -> None:
    """Build the page unless it is there and nothing it is made of changed.

    One process at a time: a build empties the folder that another process may serve already.
    """
    _LOG.parent.mkdir(exist_ok=True)
    with _LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _build(report)


def _build(report: Report) -> None:
    sources = fingerprint([_FRONTEND], ("ts", "tsx", "css", "html", "json", "svg"))
    built = (_FRONTEND / "dist/index.html").exists()
    if built and _STAMP.exists() and _STAMP.read_text(encoding="utf-8") == sources:
        return
    with report.step("build the page"):
        check_node()
        with _LOG.open("w", encoding="utf-8") as log:
            command = [program("npm"), "run", "build"]
            done = subprocess.run(
                command, cwd=_FRONTEND, stdout=log, stderr=log, check=False, timeout=_SECONDS
            )
        if done.returncode != 0:
            said = "\n    ".join(_LOG.read_text(encoding="utf-8").splitlines()[-8:])
            raise CannotStart(f"the page could not be built:\n    {said}")
    _STAMP.write_text(sources, encoding="utf-8")


def fingerprint(folders: Iterable[Path], kinds: Iterable[str]) -> str:
    """A short name for the content of these folders' files."""
    digest, endings = hashlib.sha256(), tuple(f".{kind}" for kind in kinds)
    for folder in folders:
        for path, names, files in os.walk(folder):
            names[:] = sorted(set(names) - {"node_modules", "dist", "__pycache__"})
            for file in sorted(files):
                if file.endswith(endings):
                    digest.update(f"{path}/{file}\0".encode())
                    digest.update(Path(path, file).read_bytes())
    return digest.hexdigest()[:16]
