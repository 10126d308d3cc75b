"""The pipeline: one build and its push, as a stream of events.

Data flow: `run_build` checks the Dockerfile, lets the engine build the context, turns BuildKit's
events into `Output` and `StepStarted`, pushes the image and yields `Published` with the digest that
the registry holds. A failure ends the stream with `BuildFailed`, which carries what the
image's author reads.

It stores nothing: the runner consumes the events, and closing the stream ends buildx or the engine
connection, which cancels the build there. A repeated build first asks the registry for its tag; a
tag names one build and never moves, so a push that succeeded before a crash is not repeated.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from mydocker_kit.contracts.builder.builds import BuildFailure, BuildRequest, RootFinding
from mydocker_kit.docker.errors import EngineError, EngineUnavailable

from ..domain.buildkit import SolveFailed
from ..domain.dockerfile import DockerfileRefused, Instruction, read_dockerfile
from ..domain.failures import BuildFailed, EngineFailure, classify
from ..domain.output import LineAssembler
from ..domain.root_needs import root_findings
from ..domain.steps import Output, StepStarted, StepTracker
from ..inventory.reading import Inventory
from .contexts import ContextStore, ContextUnavailable
from .engine import Engine, ImageNotFound, ImageSize, Pushed, Sources
from .processes import TooManyProcesses

LABEL = "mydocker.build"
"""On every image: the id of its build."""
CONTEXT_LABEL = "mydocker.context"
"""On images with files: the digest of their build context."""


@dataclass(frozen=True)
class PushStarted:
    """The image is built; its push to the registry starts."""


@dataclass(frozen=True)
class Published:
    """The image is in the registry."""

    tag: str
    reference: str
    root_findings: tuple[RootFinding, ...] = ()
    size: ImageSize | None = None
    """As the engine measured it; None: it did not say."""
    inventory: Inventory | None = None
    """What it contains; None: not looked at, because it was pushed by an earlier builder."""


BuildEvent = Output | StepStarted | PushStarted | Published


@dataclass(frozen=True)
class ImageLimits:
    """How large an image may be."""

    mib: int
    """Of all its layers, unpacked."""
    layers: int


@dataclass(frozen=True)
class BuildTarget:
    """What to build, and the name to publish it under."""

    id: UUID
    request: BuildRequest
    registry: str
    limits: ImageLimits
    repeated: bool
    """An earlier builder was lost during this build, perhaps after its push."""

    @property
    def repository(self) -> str:
        return f"{self.registry}/images/{self.request.repository}"

    @property
    def tag(self) -> str:
        """Unique to this build, so it never moves."""
        return f"{self.request.number}-{self.id.hex[:8]}"

    def published(self, digest: str) -> Published:
        return Published(f"{self.repository}:{self.tag}", f"{self.repository}@{digest}")


async def run_build(
    engine: Engine, contexts: ContextStore, target: BuildTarget
) -> AsyncGenerator[BuildEvent, None]:
    """Build and publish one image, yielding events; raises `BuildFailed`."""
    if target.repeated and (digest := await _already_pushed(engine, target)):
        yield Output("This build was pushed before its builder was lost; nothing to repeat.")
        yield await _with_findings(engine, target, target.published(digest))
        return
    _instructions(target)
    async with aclosing(_build(engine, contexts, target)) as events:
        async for event in events:
            yield event
    size = await _check_size(engine, target)
    yield PushStarted()
    async with _reading(engine, target) as inventory, aclosing(_push(engine, target)) as events:
        async for event in events:
            if isinstance(event, Published):
                event = replace(
                    await _with_findings(engine, target, event),
                    size=size,
                    inventory=await inventory,
                )
                with suppress(EngineError):  # it only takes space
                    await engine.forget(f"{target.repository}:{target.tag}")
            yield event


@asynccontextmanager
async def _reading(engine: Engine, target: BuildTarget) -> AsyncIterator[asyncio.Task[Inventory]]:
    """Reads what the image contains while it is pushed; ends with the push."""
    task = asyncio.create_task(engine.inventory(f"{target.repository}:{target.tag}"))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _check_size(engine: Engine, target: BuildTarget) -> ImageSize | None:
    """The size of the image that was built; raises `BuildFailed` where it is over a limit."""
    tag, limits = f"{target.repository}:{target.tag}", target.limits
    try:
        size = await engine.size(tag)
    except EngineError:
        return None  # the push reports what is wrong with the engine
    failure, message = None, ""
    if size.layers > limits.layers:
        failure = BuildFailure.TOO_MANY_LAYERS
        message = f"The image has {size.layers} layers; {limits.layers} are allowed."
    elif size.bytes > limits.mib * 1024 * 1024:
        failure = BuildFailure.IMAGE_TOO_LARGE
        mib = size.bytes // (1024 * 1024)
        message = f"The image has {mib} MiB; {limits.mib} MiB are allowed."
    if failure is None:
        return size
    with suppress(EngineError):  # it only takes space
        await engine.forget(tag)
    raise BuildFailed(failure, message)


def _instructions(target: BuildTarget) -> tuple[Instruction, ...]:
    try:
        return read_dockerfile(target.request.dockerfile)
    except DockerfileRefused as refused:
        kind = BuildFailure.DOCKERFILE_REFUSED
        raise BuildFailed(kind, refused.message, refused.line) from refused


async def _with_findings(engine: Engine, target: BuildTarget, published: Published) -> Published:
    """The image with what its configuration and its sources say about root."""
    try:
        user = await engine.user(target.repository, target.tag)
    except EngineError:
        user = None  # the published image counts; the Dockerfile says what it can
    request = target.request
    return replace(
        published, root_findings=root_findings(_instructions(target), request.wrapper, user)
    )


async def _already_pushed(engine: Engine, target: BuildTarget) -> str | None:
    try:
        return await engine.digest(target.repository, target.tag)
    except ImageNotFound:
        return None
    except EngineError:
        return None  # the build itself reports what is wrong with the engine


async def _build(
    engine: Engine, contexts: ContextStore, target: BuildTarget
) -> AsyncGenerator[BuildEvent, None]:
    """Build with the files of the Image, which lie in a folder for as long as the build runs."""
    digest = target.request.context_digest
    try:
        async with (
            contexts.fetched(digest) as files,
            aclosing(_solve(engine, target, files)) as events,
        ):
            async for event in events:
                yield event
    except ContextUnavailable as away:
        yield Output(str(away))
        raise BuildFailed(BuildFailure.CONTEXT_UNAVAILABLE, str(away)) from away


async def _solve(
    engine: Engine, target: BuildTarget, files: Path | None
) -> AsyncGenerator[BuildEvent, None]:
    request, tracker = target.request, StepTracker()
    labels = {LABEL: str(target.id)}
    if request.context_digest:
        labels[CONTEXT_LABEL] = request.context_digest
    sources = Sources(
        dockerfile=request.dockerfile,
        wrapper=request.wrapper,
        tag=f"{target.repository}:{target.tag}",
        labels=labels,
        files=files,
        cache_namespace=str(request.image_id),
        use_cache=request.use_cache,
    )
    try:
        async with aclosing(engine.build(sources)) as events:
            async for happened in events:
                for event in tracker.follow(happened):
                    yield event
        for line in tracker.finish():
            yield line
    except TooManyProcesses as excess:
        for line in tracker.finish():
            yield line
        message = f"The build stayed at {excess.limit} processes, as many as it may have."
        yield Output(message)
        raise BuildFailed(BuildFailure.TOO_MANY_PROCESSES, message) from excess
    except EngineUnavailable as away:
        raise BuildFailed(BuildFailure.ENGINE_REFUSED, str(away)) from away
    except SolveFailed as failed:
        for line in tracker.finish():
            yield line
        if tracker.failed is None:  # else its error is in the log
            for text in failed.error.splitlines():
                yield Output(text)
        raise classify(EngineFailure(failed, tracker.failed, tracker.tail())) from failed


async def _push(engine: Engine, target: BuildTarget) -> AsyncGenerator[BuildEvent, None]:
    lines = LineAssembler()
    try:
        parts = engine.push(target.repository, target.tag)
        async with aclosing(parts):
            async for part in parts:
                match part:
                    case Pushed(digest):
                        yield Output(f"Pushed as {target.repository}@{digest}")
                        yield target.published(digest)
                    case str(piece):
                        for line in lines.feed(piece):
                            yield Output(line)
    except EngineError as error:
        yield Output(str(error))
        raise BuildFailed(BuildFailure.PUSH_FAILED, str(error)) from error
