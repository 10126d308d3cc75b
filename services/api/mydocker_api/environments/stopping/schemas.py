"""Stopping what others run."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mydocker_kit.contracts.values import Text


class StopOthers(BaseModel):
    """Whom to stop, and what to tell them."""

    model_config = ConfigDict(extra="forbid")

    people: Annotated[list[UUID], Field(min_length=1, max_length=500)] | None = None
    """Users; None: everybody in the Course."""
    words: Annotated[str, Text(max_length=500, lines=True)] = ""
    """Shown to those whose environment it ends."""


class StoppedOthers(BaseModel):
    """What was done."""

    stopped: int
