"""What the institution says of itself, as people read it and operators write it."""

from datetime import datetime

from pydantic import BaseModel

from ..models.institution import InstitutionSettings


class Announced(BaseModel):
    """An announcement that is current."""

    text_en: str
    text_fr: str
    important: bool


class InstitutionWords(BaseModel):
    """What every screen shows."""

    name: str
    colour: str | None
    logo: str | None
    help_url: str | None
    support_url: str | None
    announcements: list[Announced]
    """The current ones, important ones first."""


class StoredInstitution(BaseModel):
    """All that an operator wrote, announcements that are over or to come included."""

    settings: InstitutionSettings
    changed_at: datetime | None
    etag: str
    """The version of the settings; also the answer's `ETag`."""
