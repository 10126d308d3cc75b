"""What the institution says of itself on every screen: one row."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.base import Contract
from mydocker_kit.contracts.values import Instant, Text

from .base import Base, Json

_PAGE = r"^https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]{1,400}$"
_SUPPORT = (
    r"^(https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]{1,400}"
    r"|mailto:[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190})$"
)
_EXAMPLE = "data:image/png;base64,iVBORw0KGgo="
_LOGO = r"^data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$"


class Announcement(Contract):
    """A text for everybody, between two moments."""

    text_en: Annotated[str, Text(min_length=1, max_length=500, visible=True)]
    text_fr: Annotated[str, Text(min_length=1, max_length=500, visible=True)]
    starts_at: Instant
    ends_at: Instant
    important: bool = False

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise PydanticCustomError("ends_before_start", "The end must come after the start")
        return self

    def is_current(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at


class InstitutionSettings(Contract):
    """What an operator says; empty fields show nothing."""

    name: Annotated[str, Text(max_length=80)] = ""
    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", examples=["#8a1538"])] | None = None
    """Of the band at the top of each screen; no text has it."""
    logo: Annotated[str, Field(pattern=_LOGO, max_length=90_000, examples=[_EXAMPLE])] | None = None
    """A PNG, JPEG or WebP image as a data address, at most some 64 KiB."""
    help_url: (
        Annotated[str, Field(pattern=_PAGE, examples=["https://help.school.example/labs"])] | None
    ) = None
    support_url: (
        Annotated[str, Field(pattern=_SUPPORT, examples=["mailto:support@school.example"])] | None
    ) = None
    """A page, or `mailto:` with an address."""
    announcements: Annotated[tuple[Announcement, ...], Field(max_length=10)] = ()


class Institution(Base):
    __tablename__ = "institution"

    id: Mapped[int] = mapped_column(primary_key=True)
    """Always 1."""
    settings: Mapped[InstitutionSettings] = mapped_column(Json(InstitutionSettings))
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("api.users.id", ondelete="SET NULL"))
