"""What the browser learns about the person."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel

from mydocker_kit.contracts.launches import ContextRole


class MayDo(StrEnum):
    """What a person may do anywhere; a resource's own `can` says more."""

    CREATE_COURSES = "create_courses"
    BUILD_IMAGES = "build_images"
    OPERATE = "operate"


class MyContext(BaseModel):
    """A course space of the LMS and my role in it."""

    id: UUID
    title: str
    role: ContextRole


class Me(BaseModel):
    """Who I am here."""

    id: UUID
    name: str
    """A pseudonym when the LMS gives no name."""
    email: str | None
    locale: str | None
    can: list[MayDo]
    contexts: list[MyContext]
