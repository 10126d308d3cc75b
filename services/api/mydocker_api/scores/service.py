"""Scores: stored first, then delivered to the gateway until it has confirmed them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clock import Clock
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.gateway.rosters import ContextKey
from mydocker_kit.contracts.gateway.scores import GradingProgress, Score, ScoreState
from mydocker_kit.errors import Conflict, Invalid, NotFound, ProblemError
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.problems import ProblemSubject

from ..composition.services import Services
from ..contexts.supervision import supervised_course
from ..domain.policy import Person, Supervision
from ..feed import announce
from ..metrics import SCORES_SENT
from ..models import ActivityEntry, Context, Course, ResourceLink, SentScore
from ..rosters.queries import gradable, score_shown
from ..rosters.schemas import LastScore
from .schemas import ScoreDraft

log = get_logger()
EVERY = 10.0
BATCH = 50


class NoActivityForScore(Conflict):
    """The person came by no activity of the LMS that opens this Course."""

    code, title = "no_activity_for_score", "There is no activity to send the score to"


class ScoreIdUsed(Conflict):
    """The same id cannot mean two scores."""

    code, title = "score_id_used", "This score was sent already, with another content"


class ActivityAmbiguous(Conflict):
    """The person entered by several activities: the caller says whose column it is."""

    code = "activity_ambiguous"
    title = "The person came by several activities: choose one"

    def __init__(self, activities: Sequence[ResourceLink]) -> None:
        super().__init__(count=len(activities))
        self.subjects = [
            ProblemSubject(kind="activity", id=link.id, title=link.title or "")
            for link in activities
        ]


@dataclass(frozen=True)
class _GradedActivity:
    link: ResourceLink
    subject: str


async def store(
    db: AsyncSession,
    teacher: Person,
    course_id: UUID,
    user_id: UUID,
    draft: ScoreDraft,
    now: datetime,
) -> UUID:
    """Store the score; idempotent by its id."""
    _, seen = await supervised_course(db, teacher, course_id)
    seen.check_teaches()
    activity = await _graded_activity(db, seen, course_id, user_id, draft.resource_link_id)
    known = await db.get(SentScore, draft.id)
    if known is not None:
        stored = (
            known.course_id,
            known.user_id,
            known.resource_link_id,
            known.given,
            known.comment,
        )
        if stored != (course_id, user_id, activity.link.id, draft.given, draft.comment):
            raise ScoreIdUsed
        return known.id
    db.add(
        SentScore(
            id=draft.id,
            course_id=course_id,
            user_id=user_id,
            resource_link_id=activity.link.id,
            subject=activity.subject,
            given=draft.given,
            comment=draft.comment,
            sent_by=teacher.id,
            sent_at=now,
            heard=False,
            state=ScoreState.QUEUED,
            looked_at=now,
        )
    )
    SCORES_SENT.inc()
    log.info(
        "score.sent",
        score=draft.id,
        course=course_id,
        user=user_id,
        activity=activity.link.id,
        by=teacher.id,
    )
    return draft.id


async def _graded_activity(
    db: AsyncSession, seen: Supervision, course_id: UUID, user_id: UUID, link_id: UUID | None
) -> _GradedActivity:
    """The activity this person entered by, where the caller teaches, and who they are there."""
    query = (
        gradable(course_id)
        .add_columns(ResourceLink)
        .where(ActivityEntry.user_id == user_id, ResourceLink.context_id.in_(seen.contexts))
        .order_by(ActivityEntry.entered_at.desc(), ResourceLink.id)
    )
    if link_id is not None:
        query = query.where(ResourceLink.id == link_id)
    activities = [_GradedActivity(link, subject) for _, subject, link in await db.execute(query)]
    if not activities:
        raise NoActivityForScore
    if len(activities) > 1:
        raise ActivityAmbiguous([activity.link for activity in activities])
    return activities[0]


async def score_of(db: AsyncSession, score_id: UUID) -> LastScore:
    row = await db.get_one(SentScore, score_id)
    link = await db.get_one(ResourceLink, row.resource_link_id)
    return score_shown(row, link.title)


class ScoreDelivery:
    """Delivers scores and asks the gateway for their state."""

    def __init__(self, sessions: Sessions, gateway: LtiClient, clock: Clock) -> None:
        self._sessions, self._gateway, self._clock = sessions, gateway, clock

    @classmethod
    def of(cls, services: Services) -> "ScoreDelivery":
        """With the objects of this process."""
        return cls(services.sessions, services.clients.gateway, services.clock)

    async def step(self) -> None:
        """Deliver every score that is not settled, least recently tried first."""
        query = select(SentScore.id).where(SentScore.state == ScoreState.QUEUED)
        async with transaction(self._sessions) as db:
            ids = (await db.scalars(query.order_by(SentScore.looked_at).limit(BATCH))).all()
        for id in ids:
            try:
                await self.deliver(id)
            except ProblemError as error:
                log.warning("score.delivery_failed", score=id, why=str(error))
                return

    async def deliver(self, id: UUID) -> None:
        """Deliver a score, or ask for its state once it was delivered."""
        async with transaction(self._sessions) as db:
            row = await db.get_one(SentScore, id)
            score = await _contract(db, row)
        state, reason = row.state, row.reason
        try:
            call = self._gateway.score(id) if row.heard else self._gateway.put_score(id, score)
            status = await call
            state, reason = status.state, status.reason
        except (Conflict, Invalid, NotFound) as error:
            state, reason = ScoreState.REFUSED, error.code
        async with transaction(self._sessions) as db:
            row = await db.get_one(SentScore, id, with_for_update=True)
            changed = (row.state, row.reason) != (state, reason)
            row.heard, row.looked_at = True, self._clock()
            row.state, row.reason = state, reason
            if changed:
                course = await db.get_one(Course, row.course_id)
                kind = EventKind.COURSE_CHANGED
                await announce(db, kind, course.id, course.id, course.owner_id)


async def _contract(db: AsyncSession, row: SentScore) -> Score:
    link = await db.get_one(ResourceLink, row.resource_link_id)
    context = await db.get_one(Context, link.context_id)
    course = await db.get_one(Course, row.course_id)
    graded = row.given is not None
    return Score(
        context=ContextKey(
            registration_id=context.registration_id,
            deployment_id=context.deployment_id,
            context_id=context.context_id,
        ),
        resource_link_id=link.link_id,
        resource_id=str(row.course_id),
        label=(link.title or course.title)[:255],
        subject=row.subject,
        given=row.given,
        grading=GradingProgress.FULLY_GRADED if graded else GradingProgress.NOT_READY,
        comment=row.comment,
        at=row.sent_at,
    )
