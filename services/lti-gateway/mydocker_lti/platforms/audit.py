"""Audit log of platforms: what was changed, by whom, when; also a log event."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.observability.logging import get_logger

from ..models import PlatformEvent

log = get_logger()
COMMAND = "command"
"""The actor of changes by `mydocker platforms` on the server."""
INVITATION = "invitation"


def record(
    db: AsyncSession, registration_id: UUID, kind: str, actor: str, now: datetime, **facts: Any
) -> None:
    """Append an event. `facts` hold no secrets: operators read them."""
    db.add(
        PlatformEvent(
            registration_id=registration_id, kind=kind, actor=actor, facts=facts, happened_at=now
        )
    )
    log.info(f"platform.{kind}", registration=str(registration_id), actor=actor)
