"""Delivers a score to a gradebook (AGS): finds the line item, posts, interprets the answer.

Moodle erases a grade when a score without a full grade follows, refuses a timestamp that is not
later by a whole second, and lets a tool delete the activity's own line item. Therefore progress is
withheld where a grade exists, a 409 is followed by a query of the result, and nothing is ever
deleted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from mydocker_kit.contracts.gateway.scores import GradingProgress, Score, ScoreState
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.outgoing.client import Answer, RemoteUnavailable
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain.services.service_urls import Media, Offer, Scope, asking, below
from ..models import LineItem, QueuedScore, Registration
from .client import PlatformCalls, ServiceRequest

log = get_logger()
MAX_FORBIDDEN_ATTEMPTS = 5
SAME_RATIO = 0.001
"""Tolerance when comparing grades, which platforms round to a few decimals."""


@dataclass(frozen=True)
class Delivery:
    """A score to deliver, with its platform, services, line item and history."""

    registration: Registration
    offer: Offer
    item: LineItem
    row: QueuedScore
    score: Score
    is_graded: bool
    """A full grade of this person was delivered to the line item before."""
    is_newest: bool

    @property
    def is_grade(self) -> bool:
        return self.score.grading is GradingProgress.FULLY_GRADED


@dataclass(frozen=True)
class Outcome:
    """The final state of a score."""

    state: ScoreState
    reason: str | None = None


@dataclass(frozen=True)
class Result:
    """A person's result in the gradebook."""

    score: float | None = None
    maximum: float = field(default=1.0)

    def matches(self, score: Score) -> bool:
        if self.score is None or score.given is None:
            return False
        ours = min(score.given / score.maximum, 1.0)
        return abs(self.score / self.maximum - ours) <= SAME_RATIO


DELIVERED = Outcome(ScoreState.DELIVERED)
_NO_LINE_ITEM = Outcome(ScoreState.REFUSED, "no_line_item")
_LINE_ITEM_GONE = Outcome(ScoreState.REFUSED, "line_item_gone")


class Gradebooks:
    """Client for the gradebooks of all platforms."""

    def __init__(self, sessions: Sessions, calls: PlatformCalls) -> None:
        self._sessions, self._calls = sessions, calls

    async def deliver(self, delivery: Delivery, now: datetime) -> Outcome:
        """Send the score unless it would erase a grade; `RemoteUnavailable` asks for a retry."""
        if not delivery.offer.takes_scores:
            return Outcome(ScoreState.REFUSED, "grades_not_offered")
        url = await self._line_item_url(delivery, now)
        if url is None:
            return _NO_LINE_ITEM
        if not delivery.is_grade and (reason := await self._reason_to_withhold(delivery, url, now)):
            return Outcome(ScoreState.WITHHELD, reason)
        answer = await self._post(delivery, url, delivery.row.stamp, now)
        if answer.status == 404:
            return await self._post_to_new_line_item(delivery, url, now)
        return await self._outcome_of(delivery, url, answer, now)

    async def _outcome_of(
        self, delivery: Delivery, url: str, answer: Answer, now: datetime
    ) -> Outcome:
        if 200 <= answer.status < 300:
            return DELIVERED
        if answer.status == 409:
            return await self._after_conflict(delivery, url, now)
        if answer.status == 403 and delivery.row.attempts < MAX_FORBIDDEN_ATTEMPTS:
            raise RemoteUnavailable("status 403")
        # Moodle answers 400 for a teacher, an assistant or somebody who left; a retry is useless.
        reason = "not_gradable" if answer.status == 400 else f"status_{answer.status}"
        return Outcome(ScoreState.REFUSED, reason)

    async def _reason_to_withhold(self, delivery: Delivery, url: str, now: datetime) -> str | None:
        """Why progress must not be sent; None where the gradebook surely has no grade."""
        if delivery.is_graded:
            return "grade_exists"
        if not delivery.offer.reads_results:
            return "grade_unknown"
        result = await self._result(delivery, url, now)
        return "grade_exists" if result.score is not None else None

    async def _after_conflict(self, delivery: Delivery, url: str, now: datetime) -> Outcome:
        """Interpret a 409: a later timestamp is stored, by a lost attempt of ours or by others."""
        if not delivery.offer.reads_results:
            return Outcome(ScoreState.SUPERSEDED, "later_score")
        result = await self._result(delivery, url, now)
        if result.matches(delivery.score):
            return DELIVERED
        if result.score is not None or not delivery.is_newest or not delivery.is_grade:
            return Outcome(ScoreState.SUPERSEDED, "later_score")
        # There is no grade to erase: post again with a later timestamp.
        second = timedelta(seconds=1)
        stamp = max(delivery.row.stamp, now.replace(microsecond=0)) + second
        await self._update_stamp(delivery, stamp=stamp)
        answer = await self._post(delivery, url, stamp, now)
        if answer.status == 409:
            return Outcome(ScoreState.SUPERSEDED, "later_progress")
        return await self._outcome_of(delivery, url, answer, now)

    async def _result(self, delivery: Delivery, url: str, now: datetime) -> Result:
        """The person's result. Sends no `limit`, which makes Moodle fail."""
        address = asking(below(url, "results"), user_id=delivery.score.subject)
        ask = ServiceRequest(address, Scope.RESULT_READ, Media.RESULTS)
        answer = await self._calls.send(delivery.registration, ask, now)
        if answer.status == 404:
            return Result()
        if answer.status != 200:
            raise RemoteUnavailable(f"results: status {answer.status}")
        entries = _entries(answer)
        matching = (
            entry for entry in entries if str(entry.get("userId")) == delivery.score.subject
        )
        return _result_of(next(matching, {}))

    async def _post(self, delivery: Delivery, url: str, stamp: datetime, now: datetime) -> Answer:
        ask = ServiceRequest(
            below(url, "scores"), Scope.SCORE, Media.SCORE, _body(delivery.score, stamp)
        )
        return await self._calls.send(delivery.registration, ask, now)

    async def _post_to_new_line_item(self, delivery: Delivery, url: str, now: datetime) -> Outcome:
        """Recreate a deleted line item, once and if the scope allows; else the score is refused."""
        if delivery.item.recreated_at is not None or not delivery.offer.makes_items:
            return _LINE_ITEM_GONE
        await self._update_line_item(delivery, gone_url=url, url=None, recreated_at=now)
        log.warning("line_item.gone", line_item=str(delivery.item.id))
        fresh = await self._line_item_url(delivery, now)
        if fresh is None:
            return _LINE_ITEM_GONE
        answer = await self._post(delivery, fresh, delivery.row.stamp, now)
        if answer.status == 404:
            return _LINE_ITEM_GONE
        return await self._outcome_of(delivery, fresh, answer, now)

    async def _line_item_url(self, delivery: Delivery, now: datetime) -> str | None:
        """The line item's URL: named by the launch, stored, found, or created; None without one."""
        named = delivery.offer.line_item_url
        if named is not None and named != delivery.item.gone_url:
            return named
        if delivery.item.url is not None:
            return delivery.item.url
        url = await self._find_line_item(delivery, now)
        if url is None and delivery.offer.makes_items:
            url = await self._create_line_item(delivery, now)
        if url is not None:
            await self._update_line_item(delivery, url=url)
        return url

    async def _find_line_item(self, delivery: Delivery, now: datetime) -> str | None:
        """An existing line item of this resource link and tag; platforms may ignore the filter."""
        scope, item = delivery.offer.reading_items, delivery.item
        if scope is None or delivery.offer.line_items_url is None:
            return None
        filters = {"resource_link_id": item.resource_link_id, "tag": item.tag}
        if item.resource_id:
            filters["resource_id"] = item.resource_id
        ask = ServiceRequest(
            asking(delivery.offer.line_items_url, **filters), scope, Media.LINE_ITEMS
        )
        async for answer in self._calls.pages(delivery.registration, ask, now):
            for entry in _entries(answer):
                id = entry.get("id")
                if isinstance(id, str) and id != item.gone_url and _is_of(entry, item):
                    return id
        return None

    async def _create_line_item(self, delivery: Delivery, now: datetime) -> str | None:
        body = {
            "label": delivery.score.label,
            "scoreMaximum": delivery.score.maximum,
            "resourceLinkId": delivery.item.resource_link_id,
            "resourceId": delivery.item.resource_id,
            "tag": delivery.item.tag,
        }
        url = delivery.offer.line_items_url or ""
        ask = ServiceRequest(url, Scope.LINE_ITEM, Media.LINE_ITEM, body)
        answer = await self._calls.send(delivery.registration, ask, now)
        if not 200 <= answer.status < 300:
            log.warning("line_item.refused", line_item=str(delivery.item.id), status=answer.status)
            return None
        created = answer.json()
        id = created.get("id") if isinstance(created, dict) else None
        if not isinstance(id, str):
            raise RemoteUnavailable("line item: malformed")
        log.info("line_item.created", line_item=str(delivery.item.id))
        return id

    async def _update_line_item(self, delivery: Delivery, **values: Any) -> None:
        """Update the row and the object in `delivery`."""
        async with transaction(self._sessions) as db:
            await db.execute(
                update(LineItem).where(LineItem.id == delivery.item.id).values(**values)
            )
        for name, value in values.items():
            setattr(delivery.item, name, value)

    async def _update_stamp(self, delivery: Delivery, *, stamp: datetime) -> None:
        async with transaction(self._sessions) as db:
            changed = update(QueuedScore).where(QueuedScore.id == delivery.row.id)
            await db.execute(changed.values(stamp=stamp))


def _body(score: Score, stamp: datetime) -> dict[str, Any]:
    body: dict[str, Any] = {
        "userId": score.subject,
        "timestamp": stamp.isoformat(timespec="milliseconds"),
        "activityProgress": score.activity.value,
        "gradingProgress": score.grading.value,
    }
    if score.given is not None:
        body |= {"scoreGiven": score.given, "scoreMaximum": score.maximum}
    if score.comment:
        body["comment"] = score.comment
    return body


def _entries(answer: Answer) -> Iterator[dict[str, Any]]:
    entries = answer.json()
    if not isinstance(entries, list):
        raise RemoteUnavailable("no list")
    return (entry for entry in entries if isinstance(entry, dict))


def _is_of(entry: dict[str, Any], item: LineItem) -> bool:
    return (
        str(entry.get("resourceLinkId", "")) == item.resource_link_id
        and (entry.get("resourceId") or "") == item.resource_id
        and (entry.get("tag") or "") == item.tag
    )


def _result_of(entry: dict[str, Any]) -> Result:
    score, maximum = entry.get("resultScore"), entry.get("resultMaximum")
    if not _is_number(score):
        return Result()
    usable = _is_number(maximum) and float(str(maximum)) > 0
    return Result(float(str(score)), float(str(maximum)) if usable else 1.0)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
