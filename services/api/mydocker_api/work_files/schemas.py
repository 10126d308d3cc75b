"""Files of work folders as people see and ask for them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mydocker_kit.contracts.orchestrator.work_files import (
    MOST_PATHS,
    FilePath,
    SnapshotKind,
)


class ArchiveFormat(StrEnum):
    """The form in which files are downloaded."""

    ZIP = "zip"
    """Without symbolic links."""
    TAR_GZ = "tar.gz"
    FILE = "file"
    """One file as it is."""


class DownloadFiles(BaseModel):
    """Files and folders to download; none: everything."""

    model_config = ConfigDict(extra="forbid")

    paths: Annotated[list[FilePath], Field(max_length=MOST_PATHS)] = []
    snapshot: UUID | None = None
    """None: the folder as it is now."""
    format: ArchiveFormat = ArchiveFormat.ZIP


class DownloadAddress(BaseModel):
    """Where the browser downloads, until `expires_at`; whoever has it, may."""

    url: str
    name: str
    expires_at: datetime


class FolderSnapshot(BaseModel):
    """A copy of the folder that can be looked at and restored."""

    id: UUID
    kind: SnapshotKind
    taken_at: datetime
    files: int
    bytes: int


class FolderSnapshots(BaseModel):
    """The newest first."""

    items: list[FolderSnapshot]


class RestoreFiles(BaseModel):
    """Files and folders to put back; none: the whole folder becomes what it was."""

    model_config = ConfigDict(extra="forbid")

    paths: Annotated[list[FilePath], Field(max_length=MOST_PATHS)] = []


class RestoredFiles(BaseModel):
    """What a restore did."""

    files: int
    removed: int
