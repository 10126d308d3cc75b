"""Turns a refusal into a page, an event and a row that an operator finds by its reference."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError

from mydocker_kit.db import Sessions, transaction
from mydocker_kit.db_errors import DatabaseUnavailable
from mydocker_kit.ids import new_reference
from mydocker_kit.logging import get_logger

from ..domain.refusals import Advice, EntryRefused
from ..models import Refusal
from ..web import framing
from ..web.pages import refusal_headers, refusal_page
from ..web.texts import language_of

log = get_logger()
REFUSALS = Counter("mydocker_lti_refusals_total", "Entries refused, by reason", ["reason"])
_OURS = (Advice.AWAY, Advice.CLOCK)
"""What an operator must look at; the rest is people and platforms."""


async def answer(request: Request, refusal: EntryRefused) -> HTMLResponse:
    """The page. Facts name codes and ids only, never what a token holds."""
    reference, now = new_reference(), request.app.state.clock()
    REFUSALS.labels(refusal.reason.value).inc()
    write = log.error if refusal.advice in _OURS else log.warning
    write("entry.refused", reason=refusal.reason.value, reference=reference, **refusal.facts)
    row = _row(refusal, reference, now)
    kept = request.app.state.limits.refusals.allows("", now.timestamp())
    origins = await _remember(request.app.state.sessions, row if kept else None)
    origins = sorted({*origins, *refusal.framers})
    language = language_of(refusal.locale, request.headers.get("Accept-Language"))
    page = refusal_page(refusal, language, reference)
    return HTMLResponse(page, refusal.status, headers=refusal_headers(refusal, origins))


def _row(refusal: EntryRefused, reference: str, now: datetime) -> Refusal:
    registration = refusal.facts.get("registration")
    return Refusal(
        reference=reference,
        reason=refusal.reason.value,
        registration_id=UUID(str(registration)) if registration else None,
        facts=dict(refusal.facts),
        claims=refusal.claims,
        refused_at=now,
    )


async def _remember(sessions: Sessions, row: Refusal | None) -> Sequence[str]:
    """Keep the refusal, and say who may show its page; a dead database costs only these."""
    try:
        async with transaction(sessions) as db:
            if row is not None:
                db.add(row)
            return await framing.platform_origins(db)
    except (DatabaseUnavailable, SQLAlchemyError, OSError):
        return []
