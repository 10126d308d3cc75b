"""Submitted work as students and teachers see it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mydocker_kit.contracts.orchestrator.work_files import FilePath, SnapshotState

from ..domain.courses.submitting import SubmissionState
from ..work_files.schemas import ArchiveFormat

MOST_DOWNLOADED = 1000


class SubmissionFilter(StrEnum):
    """Which people a list shows."""

    SUBMITTED = "submitted"
    MISSING = "missing"


class Submission(BaseModel):
    """A dated copy of a work folder."""

    id: UUID
    submitted_at: datetime
    state: SnapshotState
    files: int
    bytes: int
    changing: int
    """Files that a program wrote while they were copied."""
    problem: str | None
    """The code of what went wrong, of one that failed."""


class MySubmissions(BaseModel):
    """Whether I may submit, and what I submitted, the newest first."""

    state: SubmissionState
    until: datetime | None
    now: datetime
    items: list[Submission]


class PersonWork(BaseModel):
    """A student of the Course, and what they submitted."""

    key: str
    user_id: UUID | None
    name: str | None
    email: str | None
    submission: Submission | None
    """The newest that is ready, else the newest."""
    count: int


class CourseSubmissions(BaseModel):
    """A page of the students of a Course."""

    items: list[PersonWork]
    total: int
    page: int
    page_size: int
    next_cursor: str | None = None
    """Sent back as `cursor`, it reads the page after this one; null: this is the last."""
    submitted: int
    """Of everybody, whatever is filtered."""
    everybody: int
    allowed: bool
    """The Course takes submissions."""
    until: datetime | None


class SubmissionDetail(Submission):
    """A submission, whose it is, and the others of the same person."""

    user_id: UUID
    name: str
    others: list[Submission]


class DownloadSubmissions(BaseModel):
    """Which submissions to download; none: the newest of everybody."""

    model_config = ConfigDict(extra="forbid")

    submissions: Annotated[list[UUID], Field(max_length=MOST_DOWNLOADED)] = []
    paths: Annotated[list[FilePath], Field(max_length=1)] = []
    """One file of one submission; with format `file`."""
    format: ArchiveFormat = ArchiveFormat.ZIP
