"""BuildKit's errors become reasons; the texts are what Docker 28.5 and registries wrote."""

import pytest

from mydocker_builder.domain.buildkit import SolveFailed, Vertex, parse_failure
from mydocker_builder.domain.failures import BuildFailed, EngineFailure, classify
from mydocker_kit.contracts.builder.builds import BuildFailure

METADATA = "[internal] load metadata for quay.io/course/base:1"
RUN = "[2/2] RUN make"
_PROCESS = 'process "/bin/sh -c make" did not complete successfully: '
_TRAILER = """Dockerfile:3
--------------------
   2 |
   3 | >>> RUN make
--------------------
ERROR: failed to build: failed to solve: {error}"""


def reason(error: str, vertex: str | None = None, line: int | None = 3) -> BuildFailed:
    failed = Vertex("v", vertex, error=error) if vertex else None
    return classify(EngineFailure(SolveFailed(error, line), failed, ("a", "b") if vertex else ()))


@pytest.mark.parametrize(
    ("error", "vertex", "failure"),
    [
        (f"{_PROCESS}exit code: 2", RUN, BuildFailure.STEP_FAILED),
        (f"{_PROCESS}exit code: 137", RUN, BuildFailure.OUT_OF_MEMORY),
        (f"{_PROCESS}cannot allocate memory", RUN, BuildFailure.OUT_OF_MEMORY),
        (f"{_PROCESS}network bridge not found", RUN, BuildFailure.STEP_FAILED),
        ("mkdir /x: no space left on device", "[2/2] COPY a b", BuildFailure.DISK_FULL),
        ("quay.io/course/base:1: not found", METADATA, BuildFailure.BASE_IMAGE_MISSING),
        (
            "pull access denied, repository does not exist or may require authorization: server"
            " message: insufficient_scope: authorization failed",
            METADATA,
            BuildFailure.BASE_IMAGE_PRIVATE,
        ),
        (
            "unexpected status from HEAD request to https://quay.io/v2/course/base/manifests/1:"
            " 401 Unauthorized",
            METADATA,
            BuildFailure.BASE_IMAGE_PRIVATE,
        ),
        (
            'failed to do request: Head "https://quay.io/v2/course/base/manifests/1": dial tcp:'
            " lookup quay.io: no such host",
            METADATA,
            BuildFailure.REGISTRY_UNREACHABLE,
        ),
        (
            "failed to copy: httpReadSeeker: failed open: unexpected status code"
            " https://registry-1.docker.io/v2/x: 429 Too Many Requests - Server message:"
            " toomanyrequests: You have reached your unauthenticated pull rate limit.",
            "[base 1/4] FROM docker.io/library/x:1",
            BuildFailure.REGISTRY_RATE_LIMITED,
        ),
        (
            'x: failed to resolve source metadata for x.test/x:1: source "docker-image://x.test/x:1"'
            " denied by policy: source denied by policy",
            None,
            BuildFailure.BASE_IMAGE_FORBIDDEN,
        ),
        (
            'failed to load LLB: error evaluating the source policy: source "http://10.0.0.1/x"'
            " denied by policy: source denied by policy",
            None,
            BuildFailure.SOURCE_FORBIDDEN,
        ),
        (
            'failed to parse stage name "DEBIAN:12": invalid reference format: repository name'
            " (library/DEBIAN) must be lowercase",
            None,
            BuildFailure.BASE_IMAGE_NAME_INVALID,
        ),
        (
            "circular dependency detected on stage: a",
            None,
            BuildFailure.DOCKERFILE_REFUSED,
        ),
    ],
)
def test_an_error_becomes_a_reason(error: str, vertex: str | None, failure: BuildFailure) -> None:
    failed = reason(error, vertex)
    assert (failed.failure, failed.line) == (failure, 3)


def test_what_a_step_writes_or_is_called_is_no_reason() -> None:
    command = 'echo source "docker-image://x" denied by policy: exit code: 137'
    error = f'process "/bin/sh -c {command}" did not complete successfully: exit code: 1'
    failed = reason(error, f"[2/2] RUN {command} # [1/2] FROM x")
    assert failed.failure == BuildFailure.STEP_FAILED


def test_a_parse_error_has_its_line_number() -> None:
    failed = reason("dockerfile parse error on line 7: unknown flag: --foo", line=None)
    assert (failed.failure, failed.line) == (BuildFailure.DOCKERFILE_REFUSED, 7)
    assert failed.message == "unknown flag: --foo"


def test_an_error_without_line_number_is_the_engines() -> None:
    failed = reason("closing transport due to: connection error", line=None)
    assert failed.failure == BuildFailure.ENGINE_REFUSED
    host = reason("failed to load LLB: network.host is not allowed", line=None)
    assert host.failure == BuildFailure.DOCKERFILE_REFUSED


def test_a_message_ends_with_the_steps_output_and_its_error() -> None:
    failed = reason(f"{_PROCESS}exit code: 2", RUN)
    assert failed.message == f"a\nb\n{_PROCESS}exit code: 2"
    error = 'failed to calculate checksum of ref 95::y4: "/data.csv": not found'
    assert reason(error, "[2/2] COPY data.csv /").message == 'a\nb\n"/data.csv": not found'


def test_the_line_number_comes_from_the_text_before_the_error() -> None:
    error = _PROCESS.replace("make", "make\nDockerfile:9\nmake") + "exit code: 2"
    failed = parse_failure(_TRAILER.format(error=error).splitlines())
    assert (failed.line, failed.error) == (3, error)
    assert parse_failure(["ERROR: failed to solve: x"]).error == "x"
    assert parse_failure(["panic: x"]).error == "panic: x"
    assert parse_failure([]).error
