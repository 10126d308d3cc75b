"""Content-Security-Policy `frame-ancestors`: which platforms may show our pages in a frame."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import (
    Registration,
)

_NOBODY = "'none'"


async def platform_origins(db: AsyncSession) -> list[str]:
    """Every origin that may show us in a frame."""
    query = select(Registration.origins).where(
        Registration.disabled_at.is_(None), Registration.approved_at.is_not(None)
    )
    return sorted({origin for origins in await db.scalars(query) for origin in origins})


async def form_origins(db: AsyncSession) -> list[str]:
    """Origins without https that forms of the application go to; https ones need no naming."""
    query = select(Registration.origins).where(
        Registration.disabled_at.is_(None), Registration.approved_at.is_not(None)
    )
    found = {origin for origins in await db.scalars(query) for origin in origins}
    return sorted(origin for origin in found if origin.startswith("http://"))


def frame_ancestors(origins: Sequence[str]) -> str:
    return f"frame-ancestors {' '.join(origins) if origins else _NOBODY}"
