"""Doing as root what needs it: the same command again through sudo."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


def as_root(module: str, arguments: Sequence[str]) -> list[str] | None:
    """The command that runs this module as root; None when there is no way, which has been said."""
    asked = subprocess.run([ROOT / "deploy/setup/rights.sh"], check=False)
    if asked.returncode:
        return None
    return ["sudo", "--preserve-env", sys.executable, "-m", module, *arguments]
