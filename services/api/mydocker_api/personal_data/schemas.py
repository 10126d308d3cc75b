"""What is stored about a person, and requests to erase it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from mydocker_kit.contracts.values import Text

from ..models.people.erasure_request import RequestState
from ..work_files.schemas import ArchiveFormat


class DataSection(StrEnum):
    """A kind of data about a person."""

    IDENTITIES = "identities"
    ROLES = "roles"
    COURSES_OWNED = "courses_owned"
    IMAGES_OWNED = "images_owned"
    MEMBERSHIPS = "memberships"
    ENVIRONMENTS = "environments"
    SUBMISSIONS = "submissions"
    USE = "use"
    """When environments of theirs were in use: the traces."""
    VISITS = "visits"
    """When a teacher opened an environment of theirs: the audit."""
    MESSAGES = "messages"
    """Of teachers to them."""
    MESSAGES_SENT = "messages_sent"
    """To students: theirs, too."""
    EXTRA_TIME = "extra_time"
    SCORES = "scores"
    SSH_KEYS = "ssh_keys"
    API_TOKENS = "api_tokens"
    SHARES = "shares"


class AfterErasure(StrEnum):
    """What becomes of one kind of data when a person is erased."""

    ERASED = "erased"
    ANONYMOUS = "anonymous"
    """It stays, without anything that names the person."""
    HANDED_OVER = "handed_over"
    """Somebody has to take it over before."""


class SectionCount(BaseModel):
    """How much of one kind is stored."""

    section: DataSection
    count: int
    after: AfterErasure


class ErasureRequestShown(BaseModel):
    """What a person asked for, and what became of it."""

    id: UUID
    state: RequestState
    words: str
    asked_at: datetime
    decided_at: datetime | None
    answer: str
    """An operator's reason for a refusal."""


class MyData(BaseModel):
    """What is stored about me."""

    name: str
    email: str | None
    created_at: datetime
    sections: list[SectionCount]
    request: ErasureRequestShown | None
    """The newest."""
    owned: int
    """Courses and images of mine: they are handed over before an erasure."""


class AskErasure(BaseModel):
    """A request to erase all data about me."""

    model_config = ConfigDict(extra="forbid")

    words: Annotated[str, Text(max_length=1000)] = ""


class RefuseErasure(BaseModel):
    """Why an operator does not erase."""

    model_config = ConfigDict(extra="forbid")

    answer: Annotated[str, Text(min_length=1, max_length=1000, visible=True)]


class DownloadFolder(BaseModel):
    """The form in which a work folder is downloaded."""

    model_config = ConfigDict(extra="forbid")

    format: ArchiveFormat = ArchiveFormat.ZIP


class ErasureRequestEntry(ErasureRequestShown):
    """A request in the list of operators."""

    user_id: UUID
    name: str
    email: str | None
    folders: int
    """Work folders that are erased with it."""
    owned: int
    """Courses and images that somebody has to take over first."""
