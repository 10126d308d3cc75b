"""The files and commands of docs/integrators.md, written down where a test runs them."""

import re
import sys
from pathlib import Path

from deploy.machine.instance import ROOT

CLIENT = ROOT / "clients/python"
SCOPES = ("courses:write", "sessions:write", "images:write", "webhooks:write")
"""What its commands need a token for."""
_TEXT = ROOT / "docs/integrators.md"
_BLOCK = re.compile(r"<!-- (file|run|run in the background): ([^>]+) -->\n```\w+\n(.*?)```", re.S)


def blocks() -> list[tuple[str, str, str]]:
    """Kind, name and text of each block that the guide marks."""
    return _BLOCK.findall(_TEXT.read_text(encoding="utf-8"))


def write_down(folder: Path) -> dict[str, str]:
    """Write the guide's files into `folder`; its commands by name."""
    commands = {}
    for kind, name, text in blocks():
        if kind == "file":
            (folder / name).write_text(text, encoding="utf-8")
        else:
            commands[name] = text
    (folder / "post-receive").chmod(0o755)
    return commands


def variables(folder: Path, address: str, token: str, image: str, port: int) -> dict[str, str]:
    """The shell of somebody who follows the guide; `folder` gets the programs it calls."""
    programs = folder / "bin"
    programs.mkdir()
    for name, rest in [("mydocker", "-m mydocker_client"), ("python3", "")]:
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {sys.executable} {rest} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    return {
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": str(CLIENT),
        "MYDOCKER_ADDRESS": address,
        "MYDOCKER_TOKEN": token,
        "IMAGE": image,
        "RECEIVER": f"http://127.0.0.1:{port}/hook",
        "PORT": str(port),
    }


PUSH = """
    git init -q --bare -b main lab.git && cp post-receive lab.git/hooks/
    git init -q -b main work && cp Dockerfile wrapper.sh work/ && cd work && git add .
    git -c user.name=Ada -c user.email=ada@example.org commit -qm 'first'
    git push ../lab.git main 2>&1
"""
"""A push of `Dockerfile` and `wrapper.sh` to a repository with the guide's hook."""
