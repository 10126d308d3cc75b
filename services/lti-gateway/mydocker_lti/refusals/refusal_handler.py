"""Joins a refusal with its entry context: a page, a log event, and a row found by its reference."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError

from mydocker_kit.ids import new_reference
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.postgres.db_errors import DatabaseUnavailable

from ..domain.entry_context import EntryContext
from ..domain.refusals import Advice, EntryRefused
from ..models import Refusal
from ..web import framing
from ..web.deps import entry_context
from ..web.pages import refusal_headers, refusal_page
from ..web.texts import language_of

log = get_logger()
REFUSALS = Counter("mydocker_lti_refusals_total", "Entries refused, by reason", ["reason"])
_OURS = (Advice.AWAY, Advice.CLOCK)
"""Failures on our side, logged as errors; the rest is up to people and platforms."""


async def answer(request: Request, refusal: EntryRefused) -> HTMLResponse:
    """The page of a refusal. Facts name codes and ids only, never what a token holds."""
    entry = await entry_context(request)
    reference, now = new_reference(), request.app.state.clock()
    REFUSALS.labels(refusal.reason.value).inc()
    write = log.error if entry.advice(refusal) in _OURS else log.warning
    facts = entry.facts(refusal)
    write("entry.refused", reason=refusal.reason.value, reference=reference, **facts)
    is_stored = request.app.state.limits.refusals.allows("", now.timestamp())
    row = _row(refusal, entry, reference, now) if is_stored else None
    origins = sorted({*await _store(request.app.state.sessions, row), *entry.framers})
    language = language_of(entry.locale, request.headers.get("Accept-Language"))
    page = refusal_page(refusal, entry, language, reference)
    return HTMLResponse(page, refusal.status, headers=refusal_headers(refusal, entry, origins))


def _row(refusal: EntryRefused, entry: EntryContext, reference: str, now: datetime) -> Refusal:
    facts = entry.facts(refusal)
    registration = facts.get("registration")
    return Refusal(
        reference=reference,
        reason=refusal.reason.value,
        registration_id=UUID(str(registration)) if registration else None,
        facts=dict(facts),
        claims=entry.claims,
        refused_at=now,
    )


async def _store(sessions: Sessions, row: Refusal | None) -> Sequence[str]:
    """Store `row`; returns the origins that may frame the page. Without a database: neither."""
    try:
        async with transaction(sessions) as db:
            if row is not None:
                db.add(row)
            return await framing.platform_origins(db)
    except (DatabaseUnavailable, SQLAlchemyError, OSError):
        return []
