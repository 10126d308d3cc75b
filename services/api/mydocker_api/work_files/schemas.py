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


class PutFile(BaseModel):
    """An upload that becomes a file of the work folder."""

    model_config = ConfigDict(extra="forbid")

    upload_id: UUID
    """A complete upload of the caller's (`POST /api/uploads`); it is used up."""
    path: FilePath = Field(examples=["data/measurements.csv"])
    """Below the folder; missing folders are made."""
    replace: bool = False
    """Whether a file of this name may be replaced."""


class PutFileResult(BaseModel):
    """What was put into the folder."""

    path: FilePath
    bytes: int
    replaced: bool


class RemoveFiles(BaseModel):
    """Files and folders to delete, folders with what is in them."""

    model_config = ConfigDict(extra="forbid")

    paths: Annotated[
        list[FilePath], Field(min_length=1, max_length=MOST_PATHS, examples=[["data/old.csv"]])
    ]


class RemovedFiles(BaseModel):
    """How many of them were there."""

    removed: int
