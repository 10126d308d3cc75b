"""What a verified LTI launch hands over to api, and what api answers."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ..base import Contract
from ..values import Foreign, Opaque

Identifier = Annotated[str, Opaque(max_length=2000)]
Called = Annotated[str | None, Foreign()]
CustomText = Annotated[str, Opaque(max_length=20_000)]


class ContextRole(StrEnum):
    """A person's role in a Context, from most to least."""

    TEACHER = "teacher"
    ASSISTANT = "assistant"
    OBSERVER = "observer"
    STUDENT = "student"
    NONE = "none"


class LaunchKind(StrEnum):
    """What the platform asked for."""

    RESOURCE_LINK = "resource_link"
    DEEP_LINKING = "deep_linking"


class LaunchPerson(Contract):
    """Who: the pair (issuer, subject) is the person, never the e-mail."""

    issuer: Identifier
    subject: Identifier
    name: Called = None
    email: Called = None
    locale: Annotated[str | None, Foreign(max_length=35)] = None


class LaunchContext(Contract):
    """A course space in the LMS, within one deployment of one registration."""

    registration_id: UUID
    deployment_id: Identifier
    context_id: Identifier
    title: Called = None
    label: Called = None


class Launch(Contract):
    """One verified entry from the LMS."""

    id: UUID
    kind: LaunchKind
    person: LaunchPerson
    context: LaunchContext | None = None
    role: ContextRole
    resource_link_id: Identifier | None = None
    resource_link_title: Called = None
    course_id: UUID | None = None
    """From the custom parameter `course_id`; a claim of the platform unless `course_signed`."""
    course_signed: bool = False
    """The signature beside it is ours and was made for this registration (decision 0016)."""
    former_registrations: list[UUID] = Field(default_factory=list)
    """Registrations whose people an operator moved to this one: the same platform before."""
    custom: dict[CustomText, CustomText] = Field(default_factory=dict)


class LandingKind(StrEnum):
    """Which page a launch opens."""

    WINDOW = "window"
    """The student's window of a Course."""
    PICKER = "picker"
    """Choose content for the LMS."""
    BIND = "bind"
    """The link names no Course yet: an editor may choose one."""
    NOTHING_YET = "nothing_yet"
    """The link names no Course yet, and this person may not choose."""
    UNKNOWN_COURSE = "unknown_course"
    """The link names a Course that does not exist or that this person may not see."""
    DASHBOARD = "dashboard"


class Landing(Contract):
    """Where the person goes after the launch."""

    kind: LandingKind
    course_id: UUID | None = None
    context_id: UUID | None = None
    resource_link_id: UUID | None = None
    deep_linking_id: UUID | None = None
    """Equal to the launch's id when the LMS waits for content."""
    embedded: bool = True
    path: str | None = None
    """Where in our own pages the person wanted to go, when they had to sign in first."""


class Arrival(Contract):
    """api's answer to a launch."""

    user_id: UUID
    landing: Landing


class CourseItem(Contract):
    """What a deep link says about a Course."""

    id: UUID
    title: str
    text: str
