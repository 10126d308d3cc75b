"""Reading and changing what the institution says of itself."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.etags import IfMatch, etag_of
from mydocker_kit.observability.logging import get_logger

from ..domain.policy import Person
from ..models import Institution
from ..models.institution import InstitutionSettings
from .schemas import Announced, InstitutionWords, StoredInstitution

log = get_logger()
_ONLY = 1
"""The key of the one row."""


async def words(db: AsyncSession, now: datetime) -> InstitutionWords:
    """What every screen shows now."""
    row = await db.get(Institution, _ONLY)
    settings = row.settings if row else InstitutionSettings()
    current = [text for text in settings.announcements if text.is_current(now)]
    return InstitutionWords(
        name=settings.name,
        colour=settings.colour,
        logo=settings.logo,
        help_url=settings.help_url,
        support_url=settings.support_url,
        announcements=[
            Announced(text_en=text.text_en, text_fr=text.text_fr, important=text.important)
            for text in sorted(current, key=lambda text: not text.important)
        ],
    )


async def stored(db: AsyncSession) -> StoredInstitution:
    """All that an operator wrote."""
    return _shown(await db.get(Institution, _ONLY))


async def change(
    db: AsyncSession,
    operator: Person,
    settings: InstitutionSettings,
    if_match: IfMatch,
    now: datetime,
) -> StoredInstitution:
    """Replace the settings in the version that was read."""
    row = await db.get(Institution, _ONLY, with_for_update=True)
    if_match.check(_shown(row).etag, changed_at=row.changed_at if row else None)
    if row is None:
        row = Institution(id=_ONLY)
        db.add(row)
    row.settings, row.changed_at, row.changed_by = settings, now, operator.id
    await db.flush()
    log.info("institution.changed", by=operator.id, announcements=len(settings.announcements))
    return _shown(row)


def _shown(row: Institution | None) -> StoredInstitution:
    settings = row.settings if row else InstitutionSettings()
    return StoredInstitution(
        settings=settings, changed_at=row.changed_at if row else None, etag=etag_of(settings)
    )
