"""Retention of work folders as students, teachers and operators read it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mydocker_kit.contracts.values import Instant

from ..domain.courses.retention import RetentionNotice
from ..models.work_files import ErasureCause


class RetentionCan(StrEnum):
    """What this person may do about the folders of a Course now."""

    POSTPONE = "postpone"
    UNDO_DELETION = "undo_deletion"


class FolderDates(BaseModel):
    """When work folders are erased, and what is said about it."""

    notice: RetentionNotice
    ended_at: datetime | None
    """When the Course ended; None: it has not."""
    erase_at: datetime | None
    """None: not as things are."""
    keep_until: datetime | None
    """Until when somebody postponed it."""
    deleted_at: datetime | None
    """When the Course was deleted; its folders go at `erase_at`, and the Course with them."""


class CourseFolders(FolderDates):
    """The work folders of a Course, and when they are erased."""

    course_id: UUID
    course_title: str
    folders: int
    people: int
    known_bytes: int
    """Of the folders that were measured."""
    measured: int
    """How many folders that are."""
    retention_days: int
    """0: folders are never erased by time."""
    deletion_days: int
    """How long a deletion can be undone."""
    latest_keep: datetime
    """The furthest moment to which the erasure can be postponed now."""
    can: list[RetentionCan]


class KeepFolders(BaseModel):
    """Until when the folders of a Course are kept at least; null: no longer than the retention."""

    model_config = ConfigDict(extra="forbid")

    until: Instant | None


class MyFolder(FolderDates):
    """A work folder of mine."""

    environment_id: UUID
    course_id: UUID
    course_title: str
    started_at: datetime
    """When its environment was started last."""
    used_bytes: int | None
    """As measured last; None: it never was."""


class MyFolders(BaseModel):
    """The one started last comes first."""

    items: list[MyFolder]


class EndingCourses(BaseModel):
    """Courses whose folders will be erased, the next one first."""

    items: list[CourseFolders]
    policy: "ShownPolicy"


class ShownPolicy(BaseModel):
    """What operators set, in days."""

    retention: int
    """From the end of a Course; 0: never."""
    notice: int
    last_notice: int
    deletion: int


class Erasure(BaseModel):
    """A folder that is to be erased, or was."""

    id: UUID
    volume: str
    cause: ErasureCause
    course_title: str
    asked_at: datetime
    asked_by: str | None
    """Who decided it; None: the retention."""
    tries: int
    tried_at: datetime | None
    retry_at: datetime | None
    problem: str | None
    """The code of the last refusal."""
    erased_at: datetime | None


class OrphanKind(StrEnum):
    """Why a volume belongs to nobody."""

    NO_OWNER = "no_owner"
    """No Course or no person has it."""
    OTHER_COPY = "other_copy"
    """The person works with the copy on another machine."""


class OrphanFolder(BaseModel):
    """A volume that nobody uses."""

    volume: str
    kind: OrphanKind
    node: str
    node_id: str | None
    on_engine: bool
    """False: recorded, and its machine has it not, or cannot be asked."""
    created_at: datetime | None
    age_days: int | None
    bytes: int | None
    """None: it could not be measured."""


class OrphanFolders(BaseModel):
    """The oldest first."""

    items: list[OrphanFolder]
    unknown_nodes: list[str]
    """Machines that could not be asked: their volumes are not in the list."""


class EraseOrphan(BaseModel):
    """Which volume to erase."""

    model_config = ConfigDict(extra="forbid")

    volume: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{1,120}$")]
    node_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,120}$")] | None = None
    """The machine of the copy, as the list names it."""
