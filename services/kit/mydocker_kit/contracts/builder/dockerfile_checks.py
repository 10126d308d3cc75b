"""Checks of a Dockerfile against the files of its build, before it is built."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ..base import Contract
from ..values import Opaque, Text


class DockerfileCheck(Contract):
    """A Dockerfile, and what its build would get."""

    dockerfile: Annotated[str, Text(max_length=65536, lines=True)]
    has_wrapper: bool = True
    """The build gets `wrapper.sh`, the start script."""
    paths: Annotated[
        tuple[Annotated[str, Opaque(max_length=1024)], ...], Field(max_length=20_000)
    ] = ()
    """Of all entries of the build context."""
    ignore: Annotated[str, Text(max_length=2_000_000, lines=True)] = ""
    """The content of `.dockerignore`."""


class DockerfileProblemKind(StrEnum):
    """What is wrong; the browser has a sentence for each."""

    SOURCE_MISSING = "source_missing"
    """COPY, ADD or a bind mount names a file that is not there."""
    SOURCE_IGNORED = "source_ignored"
    """The file is there, and `.dockerignore` leaves it out."""
    PATTERN_EMPTY = "pattern_empty"
    """No file matches the pattern; BuildKit copies nothing and goes on."""
    BASE_FORBIDDEN = "base_forbidden"
    """An image of a registry that the operator does not allow."""


class DockerfileProblem(Contract):
    """One problem at a line, counted from 1."""

    line: int
    kind: DockerfileProblemKind
    source: str
    suggestion: str = ""
    """The path of a file with the same name elsewhere, if there is just one."""
