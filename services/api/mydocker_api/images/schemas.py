"""Image projects and their Builds, as the browser sees and sends them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mydocker_kit.contracts.builder.builds import BuildStatus
from mydocker_kit.contracts.orchestrator.environments import Port, Profile, WorkPath
from mydocker_kit.contracts.values import Text

from ..domain.policy import ImageCan, ImageRelation


class ImageDraft(BaseModel):
    """What a teacher says of an Image."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Text(min_length=1, max_length=120)]
    description: Annotated[str, Text(max_length=2000, lines=True)] = ""
    dockerfile: Annotated[str, Text(min_length=1, max_length=65536, lines=True)]
    """CRLF is turned into LF."""
    wrapper: Annotated[str, Text(max_length=262144, lines=True)] = ""
    """Script that starts the work; executable as `wrapper.sh` in the build context."""
    ports: Annotated[list[Port], Field(max_length=16)] = []
    profile: Profile = Profile.STRICT
    work_path: WorkPath = "/home/student/work"


class ImageSummary(BaseModel):
    """A row of the list of Images."""

    id: UUID
    etag: str
    """As of the Image itself."""
    title: str
    description: str
    ports: list[Port]
    last_build: BuildStatus | None
    used_by: int
    """Courses that run a Build of it."""
    updated_at: datetime
    owner_name: str
    relation: ImageRelation
    """Mine to the Image."""
    can: list[ImageCan]


class Image(ImageDraft):
    """An Image project, whole."""

    id: UUID
    etag: str
    """The version of the draft; also the answer's `ETag`."""
    last_build: BuildStatus | None
    used_by: int
    owner_name: str
    relation: ImageRelation
    """Mine to the Image."""
    created_at: datetime
    updated_at: datetime
    can: list[ImageCan]
