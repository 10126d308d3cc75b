"""Running other programs, with their last words when they fail."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.machine.failures import doing

from .failures import CannotStart


def run(
    command: Sequence[str],
    *,
    why: str,
    seconds: float = 60,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    user: str | None = None,
    text: str | None = None,
) -> str:
    """What the program printed; `CannotStart` beginning with `why` when it fails."""
    try:
        with doing(f"running {command[0]}"):
            done = subprocess.run(
                [program(command[0]), *command[1:]],
                env=environment,
                cwd=folder,
                user=user,
                input=text,
                stdin=None if text is not None else subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=seconds,
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise CannotStart(f"{why}: {command[0]} did not end within {seconds:.0f} s.") from error
    except FileNotFoundError as error:
        raise CannotStart(f"{why}: {command[0]} is not installed.") from error
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip())[-600:]
        raise CannotStart(f"{why}: {said or f'{command[0]} failed ({done.returncode})'}")
    return done.stdout


def succeeds(command: Sequence[str]) -> bool:
    """Whether the program ends well; for questions, so nothing is printed."""
    done = subprocess.run(
        [program(command[0]), *command[1:]],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=30,
    )
    return done.returncode == 0


def program(name: str) -> str:
    """A program's path; daemons sit in /usr/sbin, which is not on every path."""
    path = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin:/usr/local/sbin")
    return path or name
