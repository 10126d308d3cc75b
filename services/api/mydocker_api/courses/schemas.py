"""Courses as editors see and send them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mydocker_kit.contracts.builder.references import ReferenceText
from mydocker_kit.contracts.orchestrator.environments import Port, Profile, WorkPath
from mydocker_kit.contracts.orchestrator.pools import Pool, PoolName
from mydocker_kit.contracts.values import Text

from ..domain.policy import CourseCan, Relation
from ..domain.statuses import CourseStatus
from ..models.course import Lease, SubmissionRules, WindowOptions
from ..sessions.schemas import CourseSession, PlannedSessions


class CourseResources(BaseModel):
    """What every student gets: reserved, not only capped. None means the default of the pool."""

    model_config = ConfigDict(extra="forbid")

    cpu: Annotated[float, Field(gt=0, le=64)] | None = None
    """Cores."""
    memory_mib: Annotated[int, Field(ge=64, le=1_048_576)] | None = None
    pool: PoolName | None = None
    """None: the default one."""
    gpu: Annotated[int, Field(ge=0, le=16)] | None = None
    """Of the pool's kind."""


class WorkFolder(BaseModel):
    """Whether work is saved, and where the container sees it."""

    model_config = ConfigDict(extra="forbid")

    save: bool = True
    path: WorkPath = "/home/student/work"
    size_mib: Annotated[int, Field(ge=16, le=16_777_216)] | None = None
    """Of each student's folder, where the pool's machines enforce one; None: the pool's default."""


class CourseDraft(BaseModel):
    """What a teacher says of a Course."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Text(min_length=1, max_length=120)]
    description: Annotated[str, Text(max_length=2000, lines=True)] = ""
    status: CourseStatus = CourseStatus.DRAFT
    build_id: UUID | None = None
    """A succeeded Build of an Image this person may use. Required from status `test` on."""
    external_image: ReferenceText | None = None
    """Instead of a Build: an image of a registry that the operator allows, such as `debian:12`. Its
    digest is looked up when it is saved, and that digest runs until somebody looks it up again."""
    ports: Annotated[list[Port], Field(max_length=16)] = []
    command: Annotated[str, Text(max_length=2000, lines=True)] = ""
    """Split as a shell would and passed as arguments; may hold `{{USERNAME}}`, `{{PASSWORD}}`."""
    profile: Profile = Profile.STRICT
    resources: CourseResources = CourseResources()
    work_folder: WorkFolder = WorkFolder()
    submissions: SubmissionRules = SubmissionRules()
    """Of work folders that are saved."""
    show_username: bool = True
    show_password: bool = True
    window: WindowOptions = WindowOptions()
    lease: Lease = Lease()
    max_environments: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """How many students may run it at once; the next ones are refused."""


class CourseImage(BaseModel):
    """The Build a Course runs, for its summary."""

    image_id: UUID
    image_title: str
    build_id: UUID
    build_number: int
    reference: str
    """By digest."""


class ExternalImage(BaseModel):
    """An image of another registry that a Course runs."""

    reference: str
    """As its editor named it."""
    pinned: str
    """By digest: what environments run."""


class BuildCourse(BaseModel):
    """A Course of mine that runs a Build of an Image."""

    course_id: UUID
    title: str
    status: CourseStatus
    build_id: UUID
    build_number: int
    running_environments: int
    """They keep the Build that they were started with."""


class BuildCourses(BaseModel):
    """Courses that run a Build of one Image."""

    items: list[BuildCourse]
    """Those that I may change, by title."""
    others: int
    """How many more there are, of other people."""


class BuildUse(BaseModel):
    """Courses that are to run a Build."""

    model_config = ConfigDict(extra="forbid")

    course_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]


class CourseSummary(BaseModel):
    """A row of the list of Courses."""

    id: UUID
    etag: str
    """As of the Course itself."""
    title: str
    description: str
    status: CourseStatus
    image_title: str | None
    next_session: CourseSession | None
    """The running session, else the next one."""
    sessions: int
    running_environments: int
    placed_links: int
    """LMS activities that open this Course."""
    created_at: datetime
    updated_at: datetime
    owner_name: str
    relation: Relation
    """Mine to the Course."""
    can: list[CourseCan]


class Course(CourseDraft):
    """A Course, whole, for its editors."""

    id: UUID
    etag: str
    """The version of the draft; also the answer's `ETag`."""
    image: CourseImage | None
    external: ExternalImage | None
    """The image of `external_image`, by digest."""
    effective_cpu: float
    effective_memory_mib: int
    effective_gpu: int
    effective_folder_mib: int | None
    """None: folders of this pool have no size that machines enforce."""
    pool: Pool
    """The pool it runs on, with its limits."""
    sessions: PlannedSessions
    running_environments: int
    placed_links: int
    owner_name: str
    relation: Relation
    """Mine to the Course."""
    created_at: datetime
    updated_at: datetime
    can: list[CourseCan]


class CourseDrafts(BaseModel):
    """Courses to prepare together: all of them, or none."""

    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[CourseDraft], Field(min_length=1, max_length=100)]


class CreatedCourses(BaseModel):
    """Courses in the order in which they were sent."""

    items: list[Course]


class StatusChange(BaseModel):
    """A new status of a Course."""

    model_config = ConfigDict(extra="forbid")

    status: CourseStatus
