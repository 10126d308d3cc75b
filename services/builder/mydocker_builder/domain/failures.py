"""Why a build failed: classifies BuildKit's error by the vertex in which it occurred."""

import re
from dataclasses import dataclass

from mydocker_kit.contracts.builder.builds import BuildFailure
from mydocker_kit.contracts.values import clean_text

from .buildkit import SolveFailed, Vertex

MAX_MESSAGE = 2000
_PARSE_ERROR = re.compile(r"^dockerfile parse error on line (\d+): (.*)", re.DOTALL)
_PROCESS = re.compile(r"^process .* did not complete successfully: (.*)$", re.DOTALL)
_DENIED = re.compile(r'source "([a-z-]+)://\S*" denied by policy')
_CHECKSUM = re.compile(r"failed to calculate checksum of ref \S+: ")
"""Before the name of a file that is not in the build context."""
_ENTITLEMENT = re.compile(r"^failed to load LLB: \S+ is not allowed$")
"""Of RUN --network=host."""
_KILLED = 137
"""128 + SIGKILL: without a cancel, the kernel enforced the memory limit."""
_BASE_VERTEX = re.compile(r"^\[(?:internal\] load metadata for |[^\]]*\d+/\d+\] FROM )")
_METADATA = ("failed to resolve source metadata for ", "failed to resolve image ")
_INVALID_NAME = ("invalid reference format", "failed to parse stage name", "base name (")
# Registries have no common error codes in BuildKit's text: their answers are recognized by what
# the HTTP client and the distribution specification call them. The first match decides.
_OF_REGISTRY = (
    (BuildFailure.REGISTRY_RATE_LIMITED, re.compile(r"\b429\b|toomanyrequests|rate limit", re.I)),
    (
        BuildFailure.BASE_IMAGE_PRIVATE,
        re.compile(
            r"access denied|insufficient_scope|unauthorized|authorization failed|\b40[13]\b"
        ),
    ),
    (
        BuildFailure.REGISTRY_UNREACHABLE,
        re.compile(
            r"dial tcp|no such host|timeout|failed to do request|x509|connection re|\bEOF\b"
            r"|deadline exceeded|\b50[0234]\b"
        ),
    ),
)


class BuildFailed(Exception):
    """A build cannot continue; carries the message for its author."""

    def __init__(self, failure: BuildFailure, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.failure, self.line = failure, line
        self.message = clean_text(message)[-MAX_MESSAGE:]


@dataclass(frozen=True)
class EngineFailure:
    """BuildKit's error, and the vertex in which it occurred if any."""

    cause: SolveFailed
    vertex: Vertex | None = None
    output: tuple[str, ...] = ()
    """The last lines of output of that vertex."""


def classify(failure: EngineFailure) -> BuildFailed:
    """The kind of failure, with the message for the author."""
    error, line = failure.cause.error, failure.cause.line
    if refused := _PARSE_ERROR.match(error):
        return BuildFailed(BuildFailure.DOCKERFILE_REFUSED, refused[2], int(refused[1]))
    said = _CHECKSUM.sub("", failure.vertex.error if failure.vertex else error)
    message = "\n".join((*failure.output, said))
    return BuildFailed(_kind(error, failure.vertex, line), message, line)


def _kind(error: str, vertex: Vertex | None, line: int | None) -> BuildFailure:
    if vertex and (ended := _PROCESS.match(vertex.error)):
        return _of_process(ended[1])
    if denied := _DENIED.search(error):
        is_image = denied[1] == "docker-image"
        return BuildFailure.BASE_IMAGE_FORBIDDEN if is_image else BuildFailure.SOURCE_FORBIDDEN
    if vertex is None and any(words in error for words in _INVALID_NAME):
        return BuildFailure.BASE_IMAGE_NAME_INVALID
    if _is_of_base_image(error, vertex):
        return registry_failure(vertex.error if vertex else error)
    if "no space left on device" in error:
        return BuildFailure.DISK_FULL
    if vertex:
        return BuildFailure.STEP_FAILED
    if line or _ENTITLEMENT.match(error):
        return BuildFailure.DOCKERFILE_REFUSED
    return BuildFailure.ENGINE_REFUSED


def _of_process(end: str) -> BuildFailure:
    is_killed = end in (f"exit code: {_KILLED}", "cannot allocate memory")
    return BuildFailure.OUT_OF_MEMORY if is_killed else BuildFailure.STEP_FAILED


def _is_of_base_image(error: str, vertex: Vertex | None) -> bool:
    if vertex is None:
        return any(words in error for words in _METADATA)
    return _BASE_VERTEX.match(vertex.name) is not None


def registry_failure(error: str) -> BuildFailure:
    """What a registry's refusal, in an engine's words, amounts to."""
    for kind, answers in _OF_REGISTRY:
        if answers.search(error):
            return kind
    return BuildFailure.BASE_IMAGE_MISSING
