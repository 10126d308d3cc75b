"""One score and one gradebook: which column, whether it may be sent, what the answer means.

Moodle erases a grade when anything but a full grade comes after it, refuses a time that is not
later by a whole second, and lets a tool delete the activity's own column: progress is held back
where a grade stands, a refused time is followed by a look at the result, and nothing is deleted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from mydocker_kit.contracts.scores import GradingProgress, Score, ScoreState
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.logging import get_logger

from ..domain.service_urls import Media, Offer, Scope, asking, below
from ..http_client.client import Answer, PlatformAway
from ..models import LineItem, QueuedScore, Registration
from .client import Ask, PlatformCalls

log = get_logger()
MOST_ATTEMPTS_FORBIDDEN = 5
SAME_RATIO = 0.001
"""Platforms keep grades with a few decimals."""


@dataclass(frozen=True)
class Work:
    """A score to deliver and all that is known around it."""

    registration: Registration
    offer: Offer
    item: LineItem
    row: QueuedScore
    score: Score
    is_graded: bool
    """A full grade of this person already reached the column through us."""
    is_newest: bool

    @property
    def is_grade(self) -> bool:
        return self.score.grading is GradingProgress.FULLY_GRADED


@dataclass(frozen=True)
class Outcome:
    """How a score was settled."""

    state: ScoreState
    reason: str | None = None


@dataclass(frozen=True)
class Result:
    """What stands in the gradebook for one person."""

    score: float | None = None
    maximum: float = field(default=1.0)

    def says(self, score: Score) -> bool:
        if self.score is None or score.given is None:
            return False
        ours = min(score.given / score.maximum, 1.0)
        return abs(self.score / self.maximum - ours) <= SAME_RATIO


DELIVERED = Outcome(ScoreState.DELIVERED)
_NO_COLUMN = Outcome(ScoreState.REFUSED, "no_line_item")
_COLUMN_GONE = Outcome(ScoreState.REFUSED, "line_item_gone")


class Gradebooks:
    """The gradebooks of every platform."""

    def __init__(self, sessions: Sessions, calls: PlatformCalls) -> None:
        self._sessions, self._calls = sessions, calls

    async def deliver(self, work: Work, now: datetime) -> Outcome:
        """Send the score unless it would do harm; `PlatformAway` when it must be tried again."""
        if not work.offer.takes_scores:
            return Outcome(ScoreState.REFUSED, "grades_not_offered")
        url = await self._column(work, now)
        if url is None:
            return _NO_COLUMN
        if not work.is_grade and (why := await self._harm(work, url, now)):
            return Outcome(ScoreState.WITHHELD, why)
        answer = await self._post(work, url, work.row.stamp, now)
        if answer.status == 404:
            return await self._again_in_a_new_column(work, url, now)
        return await self._meaning(work, url, answer, now)

    async def _meaning(self, work: Work, url: str, answer: Answer, now: datetime) -> Outcome:
        if 200 <= answer.status < 300:
            return DELIVERED
        if answer.status == 409:
            return await self._after_conflict(work, url, now)
        if answer.status == 403 and work.row.attempts < MOST_ATTEMPTS_FORBIDDEN:
            raise PlatformAway("status 403")
        # Moodle's 400: a teacher, an assistant, somebody who left. It stays so.
        reason = "not_gradable" if answer.status == 400 else f"status_{answer.status}"
        return Outcome(ScoreState.REFUSED, reason)

    async def _harm(self, work: Work, url: str, now: datetime) -> str | None:
        """Why this progress must not be sent; only where surely no grade stands it may."""
        if work.is_graded:
            return "grade_exists"
        if not work.offer.reads_results:
            return "grade_unknown"
        result = await self._result(work, url, now)
        return "grade_exists" if result.score is not None else None

    async def _after_conflict(self, work: Work, url: str, now: datetime) -> Outcome:
        """A later time is stored: by an attempt of ours whose answer was lost, or by another."""
        if not work.offer.reads_results:
            return Outcome(ScoreState.SUPERSEDED, "later_score")
        result = await self._result(work, url, now)
        if result.says(work.score):
            return DELIVERED
        if result.score is not None or not work.is_newest or not work.is_grade:
            return Outcome(ScoreState.SUPERSEDED, "later_score")
        # No grade stands, so nothing can be lost: say it once more, later.
        second = timedelta(seconds=1)
        stamp = max(work.row.stamp, now.replace(microsecond=0)) + second
        await self._note_score(work, stamp=stamp)
        answer = await self._post(work, url, stamp, now)
        if answer.status == 409:
            return Outcome(ScoreState.SUPERSEDED, "later_progress")
        return await self._meaning(work, url, answer, now)

    async def _result(self, work: Work, url: str, now: datetime) -> Result:
        """What stands for this person. Without `limit`: Moodle's page would crash."""
        address = asking(below(url, "results"), user_id=work.score.subject)
        ask = Ask(address, Scope.RESULT_READ, Media.RESULTS)
        answer = await self._calls.send(work.registration, ask, now)
        if answer.status == 404:
            return Result()
        if answer.status != 200:
            raise PlatformAway(f"results: status {answer.status}")
        entries = _entries(answer)
        mine = (entry for entry in entries if str(entry.get("userId")) == work.score.subject)
        return _result_of(next(mine, {}))

    async def _post(self, work: Work, url: str, stamp: datetime, now: datetime) -> Answer:
        ask = Ask(below(url, "scores"), Scope.SCORE, Media.SCORE, _body(work.score, stamp))
        return await self._calls.send(work.registration, ask, now)

    async def _again_in_a_new_column(self, work: Work, url: str, now: datetime) -> Outcome:
        """The column was deleted there: made again once if we may, else a teacher must know."""
        if work.item.recreated_at is not None or not work.offer.makes_items:
            return _COLUMN_GONE
        await self._note_item(work, gone_url=url, url=None, recreated_at=now)
        log.warning("line_item.gone", line_item=str(work.item.id))
        fresh = await self._column(work, now)
        if fresh is None:
            return _COLUMN_GONE
        answer = await self._post(work, fresh, work.row.stamp, now)
        if answer.status == 404:
            return _COLUMN_GONE
        return await self._meaning(work, fresh, answer, now)

    async def _column(self, work: Work, now: datetime) -> str | None:
        """The column's address: the link's own, the one known, one found, or one made."""
        named = work.offer.line_item_url
        if named is not None and named != work.item.gone_url:
            return named
        if work.item.url is not None:
            return work.item.url
        url = await self._found(work, now)
        if url is None and work.offer.makes_items:
            url = await self._made(work, now)
        if url is not None:
            await self._note_item(work, url=url)
        return url

    async def _found(self, work: Work, now: datetime) -> str | None:
        """A column of this very link and content; platforms may ignore the filter, we do not."""
        scope, item = work.offer.reading_items, work.item
        if scope is None or work.offer.line_items_url is None:
            return None
        wanted = {"resource_link_id": item.resource_link_id, "tag": item.tag}
        if item.resource_id:
            wanted["resource_id"] = item.resource_id
        ask = Ask(asking(work.offer.line_items_url, **wanted), scope, Media.LINE_ITEMS)
        async for answer in self._calls.pages(work.registration, ask, now):
            for entry in _entries(answer):
                id = entry.get("id")
                if isinstance(id, str) and id != item.gone_url and _is_of(entry, item):
                    return id
        return None

    async def _made(self, work: Work, now: datetime) -> str | None:
        body = {
            "label": work.score.label,
            "scoreMaximum": work.score.maximum,
            "resourceLinkId": work.item.resource_link_id,
            "resourceId": work.item.resource_id,
            "tag": work.item.tag,
        }
        url = work.offer.line_items_url or ""
        ask = Ask(url, Scope.LINE_ITEM, Media.LINE_ITEM, body)
        answer = await self._calls.send(work.registration, ask, now)
        if not 200 <= answer.status < 300:
            log.warning("line_item.refused", line_item=str(work.item.id), status=answer.status)
            return None
        made = answer.json()
        id = made.get("id") if isinstance(made, dict) else None
        if not isinstance(id, str):
            raise PlatformAway("line item: malformed")
        log.info("line_item.made", line_item=str(work.item.id))
        return id

    async def _note_item(self, work: Work, **said: Any) -> None:
        """Write down, and know from now on."""
        async with transaction(self._sessions) as db:
            await db.execute(update(LineItem).where(LineItem.id == work.item.id).values(**said))
        for name, value in said.items():
            setattr(work.item, name, value)

    async def _note_score(self, work: Work, *, stamp: datetime) -> None:
        async with transaction(self._sessions) as db:
            changed = update(QueuedScore).where(QueuedScore.id == work.row.id)
            await db.execute(changed.values(stamp=stamp))


def _body(score: Score, stamp: datetime) -> dict[str, Any]:
    said: dict[str, Any] = {
        "userId": score.subject,
        "timestamp": stamp.isoformat(timespec="milliseconds"),
        "activityProgress": score.activity.value,
        "gradingProgress": score.grading.value,
    }
    if score.given is not None:
        said |= {"scoreGiven": score.given, "scoreMaximum": score.maximum}
    if score.comment:
        said["comment"] = score.comment
    return said


def _entries(answer: Answer) -> Iterator[dict[str, Any]]:
    entries = answer.json()
    if not isinstance(entries, list):
        raise PlatformAway("no list")
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
