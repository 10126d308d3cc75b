"""A build on the real engine as the builder runs it, with or without its walls."""

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import ExitStack, aclosing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from deploy.machine.commands import run
from deploy.machine.docker import Docker
from tests.builder.conftest import BuildEngine
from tests.builder.engine.hostile.canary import Canary, canary
from tests.support.waiting import until

from mydocker_builder.domain.buildkit import SolveFailed, VertexOutput
from mydocker_builder.domain.source_policy import parse_registries, source_policy
from mydocker_builder.settings import BuilderSettings
from mydocker_builder.worker.buildx import Solve, solve

NO_POLICY = '{"rules": [{"action": "ALLOW", "selector": {"identifier": "*"}}]}'
METADATA = "169.254.169.254"


@dataclass(frozen=True)
class Outcome:
    """How a build ended: its output, and BuildKit's error or an empty text."""

    output: str
    error: str


Build = Callable[..., Coroutine[Any, Any, Outcome]]


@pytest.fixture
def policy(settings: BuilderSettings) -> str:
    """What the engine may fetch, with the settings as they are shipped."""
    return source_policy(parse_registries(settings.build_registries))


@pytest.fixture
def run_build(build_engine: BuildEngine, cgroup: str, policy: str) -> Build:
    """Builds a Dockerfile without our own reading of it: nothing but the walls refuses it."""

    async def built(
        dockerfile: str,
        policy: str = policy,
        namespace: str = "",
        slot: int = 1,
        follow: Callable[[str], None] = lambda _: None,
    ) -> Outcome:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "Dockerfile"
            path.write_text(dockerfile, encoding="utf-8", newline="")
            wanted = Solve(
                context=Path(folder),
                tag=f"{build_engine.registry}/images/hostile:{uuid4().hex}",
                labels={},
                cache_namespace=namespace or str(uuid4()),
                cgroup=f"{cgroup}/{slot}",
                policy=policy,
                group=build_engine.group,
            )
            written, error = "", ""
            try:
                async with aclosing(solve(build_engine.buildx, build_engine.url, wanted)) as events:
                    async for event in events:
                        if isinstance(event, VertexOutput):
                            written += event.data.decode()
                            follow(written)
            except SolveFailed as failed:
                error = failed.error
            else:
                _forget(build_engine.url, wanted.tag)
            return Outcome(written, error)

    return built


def _forget(url: str, tag: str) -> None:
    with Docker(url) as docker:
        docker.call("DELETE", f"/images/{tag}")


@pytest.fixture
def loopback() -> Iterator[Canary]:
    """A service of the machine, on every address it has, loopback among them."""
    with canary() as made:
        yield made


@pytest.fixture
def bridge(build_engine: BuildEngine) -> str:
    """Of builds: the default network of their engine."""
    with Docker(build_engine.url) as docker:
        options = docker.get("/networks/bridge")["Options"]
    return str(options["com.docker.network.bridge.name"])


@contextmanager
def allowed(bridge: str, *match: str) -> Iterator[None]:
    """The firewall lets the engine itself reach what matches: everything where nothing is named."""
    rule = [f"{bridge.upper()}-ENGINE", *match, "-j", "ACCEPT"]
    with ExitStack() as stack:
        for tool in ("iptables", "ip6tables"):
            run([tool, "-w", "-I", *rule], why="the control")
            stack.callback(run, [tool, "-w", "-D", *rule], why="the control")
        yield


def refusals(bridge: str) -> int:
    """How many packets of the engine the firewall has refused so far."""
    listed = run(["iptables", "-w", "-vnxL", f"{bridge.upper()}-ENGINE"], why="a canary")
    rules = [line.split() for line in listed.splitlines() if " REJECT " in line]
    return sum(int(rule[0]) for rule in rules)


async def is_refused(build: Awaitable[Outcome], bridge: str) -> None:
    """Wait until the firewall refuses the build something, then end it: BuildKit tries for long."""
    before, task = refusals(bridge), asyncio.ensure_future(build)
    try:
        await until(lambda: refusals(bridge) > before or task.done(), "the firewall refuses")
        assert refusals(bridge) > before, task.result()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def is_seen(build: Awaitable[Outcome], at: Canary) -> None:
    """The control: wait until the build comes to the canary, then end it."""
    task = asyncio.ensure_future(build)
    try:
        await until(lambda: at.hits or task.done(), "the build comes to the canary, or ends")
        assert at.hits, task.result()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@contextmanager
def address(host: str) -> Iterator[None]:
    """This machine also answers at `host`, as a cloud's metadata service does."""
    run(["ip", "addr", "replace", f"{host}/32", "dev", "lo"], why="a canary")
    try:
        yield
    finally:
        run(["ip", "addr", "del", f"{host}/32", "dev", "lo"], why="a canary")


def gateway_of(bridge: str) -> str:
    """The machine's address on the bridge of builds."""
    [link] = json.loads(run(["ip", "-4", "-json", "addr", "show", "dev", bridge], why="a canary"))
    return str(link["addr_info"][0]["local"])
