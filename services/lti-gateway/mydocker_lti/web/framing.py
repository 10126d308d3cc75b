"""Content-Security-Policy `frame-ancestors`: platforms that may frame our pages."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import (
    Registration,
)

_NOBODY = "'none'"


async def platform_origins(db: AsyncSession) -> list[str]:
    """Origins of active platforms, which may frame our pages."""
    query = select(Registration.origins).where(
        Registration.disabled_at.is_(None), Registration.approved_at.is_not(None)
    )
    return sorted({origin for origins in await db.scalars(query) for origin in origins})


async def form_origins(db: AsyncSession) -> list[str]:
    """http origins of active platforms; the policy allows forms to all https origins anyway."""
    query = select(Registration.origins).where(
        Registration.disabled_at.is_(None), Registration.approved_at.is_not(None)
    )
    known = {origin for origins in await db.scalars(query) for origin in origins}
    return sorted(origin for origin in known if origin.startswith("http://"))


def frame_ancestors(origins: Sequence[str]) -> str:
    return f"frame-ancestors {' '.join(origins) if origins else _NOBODY}"
