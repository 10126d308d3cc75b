"""Runs buildx, BuildKit's client, as a child process and yields BuildKit's events.

The child's connection to the engine is the build: when the child ends, the engine cancels the
build and kills its containers. `setpriv` makes the kernel kill the child when this process dies,
so a killed builder leaves no build behind.
"""

import asyncio
import contextlib
import os
import tempfile
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..domain.buildkit import BuildKitEvent, Status, StatusReader, parse_events, parse_failure

_MAX_BYTES = 32 * 1024 * 1024
"""Bytes of one line of JSON; it lists every vertex of a build graph."""
_LAST_LINES = 200
_BUILD_ARGUMENT = "BUILDKIT_CACHE_MOUNT_NS"
"""Read by BuildKit: cache mounts are shared only among builds with the same value."""


@dataclass(frozen=True)
class Solve:
    """One build: its context, its name, and where and within which bounds it runs."""

    context: Path
    tag: str
    labels: Mapping[str, str]
    cache_namespace: str
    cgroup: str
    policy: str
    use_cache: bool = True
    group: int | None = None
    """Group id of the client: it asks a registry's token service itself."""


class BuildxMissing(Exception):
    """The program cannot be started."""


async def solve(program: str, engine_url: str, build: Solve) -> AsyncGenerator[BuildKitEvent, None]:
    """Build an image on the engine at this URL, yielding events; `SolveFailed` when it fails."""
    with tempfile.TemporaryDirectory(prefix="buildx-") as home:
        policy = Path(home) / "policy.json"
        policy.write_text(build.policy, encoding="utf-8")
        child = await _start(_command(program, build), _environment(engine_url, home, policy))
        try:
            last: deque[str] = deque(maxlen=_LAST_LINES)
            printed = StatusReader()
            async for raw in _stderr(child):
                match printed.add(raw.decode("utf-8", "replace").rstrip("\n")):
                    case Status(text):
                        for event in parse_events(text):
                            yield event
                    case str(text):
                        last.append(text)
                await asyncio.sleep(0)  # a flood of output must not starve the heartbeat
            if await child.wait() != 0:
                raise parse_failure(last)
        finally:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await asyncio.shield(child.communicate())  # empties its pipe, too


def _stderr(child: asyncio.subprocess.Process) -> asyncio.StreamReader:
    if child.stderr is None:
        raise RuntimeError("buildx was started without a pipe")
    return child.stderr


async def _start(
    command: Sequence[str], environment: Mapping[str, str]
) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            limit=_MAX_BYTES,
        )
    except OSError as error:
        raise BuildxMissing(f"{command[0]} cannot be started: {error}") from error


def _command(program: str, build: Solve) -> list[str]:
    labels = [f"--label={name}={value}" for name, value in build.labels.items()]
    group = [] if build.group is None else [f"--regid={build.group}", "--clear-groups"]
    return [
        *("setpriv", *group, "--pdeathsig", "KILL", "--", program, "build"),
        "--progress=rawjson",
        "--provenance=false",
        f"--tag={build.tag}",
        f"--cgroup-parent={build.cgroup}",
        f"--build-arg={_BUILD_ARGUMENT}={build.cache_namespace}",
        *labels,
        *([] if build.use_cache else ["--no-cache"]),
        str(build.context),
    ]


def _environment(engine_url: str, home: str, policy: Path) -> dict[str, str]:
    """Nothing of this process: no proxy, no login and no secret goes into a build."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": home,
        "DOCKER_CONFIG": home,
        "BUILDX_CONFIG": home,
        "DOCKER_HOST": engine_url,
        "BUILDX_GIT_INFO": "false",
        "EXPERIMENTAL_BUILDKIT_SOURCE_POLICY": str(policy),
    }
