"""A Course as a file, what an import of it would make, and what it made."""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mydocker_kit.contracts.builder.dockerfile_checks import DockerfileProblem
from mydocker_kit.contracts.orchestrator.environments import Port, Profile, WorkPath
from mydocker_kit.contracts.values import Text

from ..courses.schemas import Course, CourseDraft
from ..images.schemas import Image
from ..planning.schemas import Zone

MANIFEST, DOCKERFILE, WRAPPER = "course.json", "image/Dockerfile", "image/wrapper.sh"
FILES = "image/files/"
"""Names in the archive."""
MOST_DAYS = 3660
"""From the first session to the last one."""
Title = Annotated[str, Text(min_length=1, max_length=120)]


class FiledImage(BaseModel):
    """The recipe of the Course's Image; its Dockerfile and scripts are files of the archive."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    description: Annotated[str, Text(max_length=2000, lines=True)] = ""
    ports: Annotated[list[Port], Field(max_length=16)] = []
    profile: Profile = Profile.STRICT
    work_path: WorkPath = "/home/student/work"
    catalogue_entry: Annotated[str, Text(max_length=80)] | None = None
    """The entry of the catalogue that it is; the same one is used where a platform has it."""
    files_left_out: bool = False
    """It has more files than an archive may hold, or they were not there any more."""


class FiledSession(BaseModel):
    """A session without its date."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Text(max_length=120, visible=True)] = ""
    students: Annotated[int, Field(ge=1, le=5000)]
    day: Annotated[int, Field(ge=0, le=MOST_DAYS)]
    """Days after the first session's."""
    time: time
    """Of its start, by the clock on the wall."""
    minutes: Annotated[int, Field(ge=1, le=44_640)]
    block_before_start: bool = True
    automatic_stop: bool = True


class CourseFile(BaseModel):
    """`course.json` of the archive."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["mydocker-course"]
    version: Literal[1]
    course: CourseDraft
    """Without its build, its status and the last day of submissions."""
    image: FiledImage | None = None
    sessions: Annotated[list[FiledSession], Field(max_length=1000)] = []


class RecipeOrigin(StrEnum):
    """Where the Image of an imported Course comes from."""

    CATALOGUE = "catalogue"
    """The catalogue of this platform has the same entry, built: the Course can start."""
    EXISTING = "existing"
    """An Image of mine has this recipe already."""
    NEW = "new"
    """An Image of mine is made from the recipe; it is to be built."""
    NONE = "none"
    """The Course gets no Image yet."""


class ImportQuestion(BaseModel):
    """A complete upload that holds a Course."""

    model_config = ConfigDict(extra="forbid")

    upload_id: UUID


class LeftOut(BaseModel):
    """A setting that this platform does not give; its default is taken instead."""

    field: str
    """Such as `resources.pool`."""
    code: str
    """The same as when it is refused in a form."""
    value: str
    """What the file says."""


class ImportedRecipe(BaseModel):
    """The Image in the file."""

    title: str
    is_title_taken: bool
    """An Image of mine has this title already."""
    files: int
    size: int
    """Bytes of the files."""
    files_left_out: bool
    problems: list[DockerfileProblem]
    """What is wrong in its Dockerfile with its files."""
    origins: list[RecipeOrigin]
    """Those that are possible, the best one first."""
    existing_id: UUID | None
    """The Image of mine with this recipe."""


class ImportCheck(BaseModel):
    """What an import would make."""

    title: str
    description: str
    is_title_taken: bool
    """A Course of mine has this title already."""
    suggested_title: str
    image: ImportedRecipe | None
    """None: the file holds no Image."""
    external_image: str | None
    """An image of another registry that the Course would run instead."""
    sessions: int
    days: int
    """From the first session's day to the last one's, both counted; 0 without sessions."""
    left_out: list[LeftOut]


class ImportOrder(ImportQuestion):
    """An import as it is wanted."""

    title: Title | None = None
    """None: that of the file."""
    image: RecipeOrigin | None = None
    """None: the best one that is possible."""
    first_day: date | None = None
    """Of the first session; None: no session is planned."""
    zone: Zone = "UTC"
    """Of the sessions' times."""


class ImportedCourse(BaseModel):
    """What an import made."""

    course: Course
    """A draft."""
    image: Image | None
    """The Image that was made."""
    sessions: int
    """Sessions that were planned."""
    left_out: list[LeftOut]
