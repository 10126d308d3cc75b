"""Build steps that run long, and how tests see that they run."""

import io
import tarfile
from contextlib import suppress
from pathlib import Path

from deploy.machine.docker import Docker
from tests.support.waiting import until

from mydocker_kit.contracts.builder.builds import BuildStatus

SLEEPS = "FROM debian:12\nRUN echo awake && sleep 61\n"


def is_running(command: str) -> bool:
    """Whether a process of this machine runs exactly this command."""
    wanted = command.replace(" ", "\0").encode() + b"\0"
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if process.read_bytes() == wanted:
                return True
    return False


async def none_runs(command: str) -> None:
    """Return once no process runs this command."""
    await until(lambda: not is_running(command), f"no process runs {command}")


def sleeps(seconds: int) -> str:
    """A Dockerfile no other test shares, since its process is looked for."""
    return SLEEPS.replace("61", str(seconds))


def is_at_step_two(status: BuildStatus) -> bool:
    return status.step == 2


def store_image(engine_url: str, name: str, dockerfile: str) -> None:
    """Build an image straight into the engine's store, past the builder."""
    packed, content = io.BytesIO(), dockerfile.encode()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    with Docker(engine_url, seconds=60) as docker:
        for _ in docker.follow("/build", packed.getvalue(), t=name):
            pass
