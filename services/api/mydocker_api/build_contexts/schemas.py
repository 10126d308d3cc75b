"""The files of an Image, as the browser sees and changes them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mydocker_kit.contracts.builder.build_contexts import EntryKind
from mydocker_kit.contracts.builder.dockerfile_checks import DockerfileProblem
from mydocker_kit.contracts.values import Opaque, Text

FilePath = Annotated[str, Opaque(min_length=1, max_length=1024)]


class ContextFile(BaseModel):
    """A file, folder or symbolic link."""

    path: str
    kind: EntryKind
    executable: bool
    size: int
    """Bytes; of a folder those of all files in it."""
    target: str
    """Of a symbolic link."""
    ignored: bool
    """`.dockerignore` leaves it out of builds."""


class Context(BaseModel):
    """All files of an Image; without any, `digest` is None."""

    etag: str
    """The version of the files, which every change names in `If-Match`."""
    digest: str | None
    files: int
    size: int
    created_at: datetime | None
    entries: list[ContextFile]
    """By path, folders before what is in them."""


class ReplaceContext(BaseModel):
    """A complete upload that takes the place of all files."""

    model_config = ConfigDict(extra="forbid")

    upload_id: UUID


class PutFile(BaseModel):
    """A complete upload that becomes one file; one of the same path is replaced."""

    model_config = ConfigDict(extra="forbid")

    upload_id: UUID
    path: FilePath
    executable: bool | None = None
    """None: as the file that it replaces, else not executable."""


class DockerfileDraft(BaseModel):
    """A Dockerfile that is being written."""

    model_config = ConfigDict(extra="forbid")

    dockerfile: Annotated[str, Text(max_length=65536, lines=True)]
    has_wrapper: bool = True


class DockerfileChecked(BaseModel):
    """What is wrong in it, by line."""

    problems: Annotated[list[DockerfileProblem], Field(max_length=200)]
