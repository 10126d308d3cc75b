"""Entries of the catalogue as the browser sees them."""

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel

from mydocker_kit.contracts.builder.builds import BuildStatus
from mydocker_kit.contracts.orchestrator.environments import Port, Profile, WorkPath

from ..catalogue import EntryIcon, LocalText, RecipeResources


class EntryState(StrEnum):
    """Whether a Course can run an entry now."""

    READY = "ready"
    PREPARING = "preparing"
    """The platform builds it, or will."""
    FAILED = "failed"
    """Its build failed; it is tried again by itself."""
    COPY_ONLY = "copy_only"
    """The operator has it built by nobody: a copy can be."""


class CatalogueEntry(BaseModel):
    """An Image of the platform, to use as it is or to copy."""

    name: str
    title: LocalText
    description: LocalText
    icon: EntryIcon
    resources: RecipeResources
    """What one student needs."""
    ports: list[Port]
    profile: Profile
    work_path: WorkPath
    state: EntryState
    image_id: UUID | None
    build_id: UUID | None
    """The Build that new Courses run; None: none has succeeded yet."""
    last_build: BuildStatus | None
    """Newer than `build_id` while an update is prepared; None: none, or the builder is away."""
    used_by: int
    """Courses that run one of its Builds."""
