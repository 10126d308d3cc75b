"""Files and snapshots of work folders: the program that a machine's agent is elsewhere."""

import sys
from pathlib import Path

from deploy.machine.instance import Instance
from deploy.machine.keys import Keys
from deploy.machine.processes import Program

PROGRAM = "folders"


def socket(instance: Instance) -> Path:
    """Where the orchestrator asks it."""
    return instance.run / "folders.sock"


def program(instance: Instance, engine_url: str) -> Program:
    given = {
        "--engine": engine_url,
        "--store": str(instance.state / "snapshots"),
        "--socket": str(socket(instance)),
        "--trusted": str(Keys(instance.secrets).trusted),
    }
    options = [text for option in given.items() for text in option]
    return Program(PROGRAM, [sys.executable, "-m", "deploy.node.folder_files", *options])
