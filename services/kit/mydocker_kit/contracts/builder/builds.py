"""What the builder is asked to build, and how far it got."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ..base import Contract
from ..values import Printed, Row, Text
from .build_contexts import ContextDigest


class BuildPhase(StrEnum):
    """queued → building → pushing → succeeded; or failed, cancelled."""

    QUEUED = "queued"
    BUILDING = "building"
    PUSHING = "pushing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({BuildPhase.SUCCEEDED, BuildPhase.FAILED, BuildPhase.CANCELLED})


class BuildRequest(Contract):
    """One attempt to make an Image."""

    image_id: UUID
    author_id: UUID
    number: Annotated[Row, Field(ge=1)]
    """Rises per Image; becomes part of the tag, which never moves."""
    repository: Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[._-][a-z0-9]+)*$", max_length=100)]
    """Name below the registry's `images/`, such as `openssl-practice-6f0c3f52`."""
    dockerfile: Annotated[str, Text(min_length=1, max_length=65536, lines=True)]
    wrapper: Annotated[str, Text(max_length=262144, lines=True)] = ""
    """Wrapper script: lands executable in the build context as `wrapper.sh`."""
    context_digest: ContextDigest | None = None
    """The files of the build context, at api; None: none but the Dockerfile and the script."""
    use_cache: bool = True
    """Whether steps that were built before are taken from the cache."""


class BuildSort(StrEnum):
    """Order of the builds of an Image."""

    NEWEST = "-number"
    OLDEST = "number"


class BuildFailure(StrEnum):
    """Why a Build failed; the browser has a sentence for each."""

    DOCKERFILE_REFUSED = "dockerfile_refused"
    STEP_FAILED = "step_failed"
    BASE_IMAGE_MISSING = "base_image_missing"
    BASE_IMAGE_PRIVATE = "base_image_private"
    """Unknown to its registry, or only for accounts: Docker Hub answers both alike."""
    BASE_IMAGE_FORBIDDEN = "base_image_forbidden"
    """Of a registry that the operator does not allow."""
    BASE_IMAGE_NAME_INVALID = "base_image_name_invalid"
    REGISTRY_UNREACHABLE = "registry_unreachable"
    REGISTRY_RATE_LIMITED = "registry_rate_limited"
    SOURCE_FORBIDDEN = "source_forbidden"
    """ADD of an address or a Git repository, which the engine would fetch."""
    CONTEXT_UNAVAILABLE = "context_unavailable"
    """The files of the Image could not be fetched."""
    PUSH_FAILED = "push_failed"
    TOO_SLOW = "too_slow"
    OUT_OF_MEMORY = "out_of_memory"
    DISK_FULL = "disk_full"
    TOO_MANY_PROCESSES = "too_many_processes"
    IMAGE_TOO_LARGE = "image_too_large"
    TOO_MANY_LAYERS = "too_many_layers"
    BUILDER_LOST = "builder_lost"
    ENGINE_REFUSED = "engine_refused"


class SourceFile(StrEnum):
    """A file that a teacher writes for an Image."""

    DOCKERFILE = "dockerfile"
    WRAPPER = "wrapper"


class RootFindingKind(StrEnum):
    """What says whether an image runs as root; the browser has a sentence for each."""

    USER_ROOT = "user_root"
    """The last `USER` is root."""
    NO_USER = "no_user"
    """Neither the Dockerfile nor its base image sets a user: the image starts as root."""
    OTHER_USER = "other_user"
    """The image starts as another user (`detail`)."""
    PROGRAM = "program"
    """A program that needs root (`detail`) is started."""


class RootFinding(Contract):
    """One thing that was found in an image and its sources, with its place."""

    kind: RootFindingKind
    file: SourceFile
    line: int | None = None
    """Counted from 1; None where no single line says it."""
    detail: Printed = ""


class BuildStatus(Contract):
    """What is known of one Build."""

    id: UUID
    image_id: UUID
    author_id: UUID
    number: int
    phase: BuildPhase
    step: int | None = None
    """Current or failing instruction, counted from 1 as they start."""
    steps: int | None = None
    """Instructions that make a layer, as the engine counts them; known once the build runs."""
    instruction: str | None = None
    """The current or failing instruction's text."""
    failure: BuildFailure | None = None
    message: str = ""
    """The engine's own last words on a failure."""
    line: int | None = None
    """Line of the Dockerfile that is refused or failed, counted from 1, where known."""
    tag: str | None = None
    """`registry/images/name:number-id`, once pushed."""
    reference: str | None = None
    """`registry/images/name@sha256:…`, once pushed: what environments run."""
    queued_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    log_lines: int = 0
    context_digest: str | None = None
    """The files it was built with; None: none."""
    root_findings: tuple[RootFinding, ...] | None = None
    """Why its image runs as root; None: not published, or published before this was looked for."""
    size_bytes: int | None = None
    """Of all layers, unpacked; None: not published, or not measured."""
    layers: int | None = None


class BuildRecipe(Contract):
    """What one Build was made of."""

    id: UUID
    number: int
    dockerfile: str
    wrapper: str
    context_digest: ContextDigest | None


class LogLine(Contract):
    """One line of a build log."""

    number: int
    text: str


class LogPage(Contract):
    """Log lines after a number; `ended` says that no more will come."""

    lines: tuple[LogLine, ...]
    ended: bool
