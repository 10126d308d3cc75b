"""What the browser learns about the person."""

from uuid import UUID

from pydantic import BaseModel

from mydocker_kit.contracts.gateway.launches import ContextRole

from ...domain.policy import BuildApproval, MayDo


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
    build_approval: BuildApproval
    contexts: list[MyContext]
