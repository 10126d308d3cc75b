"""Asking for, giving and revoking the approval of a build that runs as root.

A build runs as root where its Course has the profile `compat`. Where the engine remaps users, that
is the teacher's choice. Elsewhere an operator approves the build by its digest; the start carries
the approved digest to the orchestrator, which compares it with the image that it runs. A revocation
therefore ends nothing that runs: it changes what the next start carries.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.builder.builds import BuildPhase, BuildStatus
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.orchestrator.environments import Profile
from mydocker_kit.contracts.orchestrator.pools import DEFAULT_POOL
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import Paging

from ..capacity.queries import known_pools, root_needs_approval
from ..domain.courses.checks import Flaw
from ..domain.policy import Person
from ..domain.policy.root_approvals import (
    RootDecision,
    RootNotApproved,
    RootState,
    decided,
    may_ask,
    needs_reason,
    root_decisions,
)
from ..feed import announce
from ..images.builds import check_build_is_editable, check_build_is_usable
from ..inputs.fields import refuse
from ..metrics import ROOT_DECISIONS
from ..models import Course, RootApproval
from . import queries
from .queries import Request
from .schemas import BuildRoot, RootAnswer, RootAsk, RootDecisions, RootPool, RootRequest

log = get_logger()


class BuildNotPublished(Conflict):
    """There is no image yet, and so no digest to approve."""

    code, title = "build_not_published", "This build has not succeeded"


async def build_root(
    db: AsyncSession, builder: BuilderClient, person: Person, build_id: UUID, pool: str | None
) -> BuildRoot:
    """Why one of the person's builds runs as root, and whether it may on this pool."""
    await check_build_is_usable(db, person, build_id)
    return await _shown(db, await builder.get(build_id), pool)


async def ask(
    db: AsyncSession,
    builder: BuilderClient,
    person: Person,
    build_id: UUID,
    body: RootAsk,
    now: datetime,
) -> BuildRoot:
    """Ask operators to approve a build. Changes nothing while a request waits or is approved."""
    await check_build_is_editable(db, person, build_id)
    build = await builder.get(build_id)
    if build.phase is not BuildPhase.SUCCEEDED or build.reference is None:
        raise BuildNotPublished(phase=build.phase.value)
    await queries.lock_build(db, build_id)
    row = await queries.locked(db, build_id)
    if row is None or may_ask(row.state):
        asked = _asked(build, build.reference, person, body, now)
        await db.merge(asked)
        await db.flush()
        await _announce(db, build_id, person.id)
        log.info("root_approval.asked", build=build_id, digest=asked.digest, person=person.id)
    return await _shown(db, build, None)


async def requests(
    db: AsyncSession, paging: Paging, state: RootState | None, sort: queries.RequestSort
) -> Page[RootRequest]:
    """A page of requests, for operators."""
    read = await queries.requests(db, state, paging, sort)
    items = [_request(queries.Request(*row)) for row in read.rows]
    return paging.answer(items, read)


async def decide(
    db: AsyncSession, operator: Person, build_id: UUID, answer: RootAnswer, now: datetime
) -> RootRequest:
    """Approve, refuse or revoke. What runs goes on; the next start follows the decision."""
    reason = answer.reason.strip()
    if needs_reason(answer.decision) and not reason:
        refuse([Flaw("reason", "reason_missing", "Say why")])
    row = await queries.locked(db, build_id)
    if row is None:
        raise NotFound(f"request for build {build_id}")
    state = decided(row.state, answer.decision)
    if state is not row.state:
        row.state = state
        _sign(row, answer.decision, operator, reason, now)
        await db.flush()
        await _announce(db, build_id, row.asked_by_id)
        ROOT_DECISIONS.labels(answer.decision.value).inc()
        log.info(
            "root_approval.decided",
            build=build_id,
            digest=row.digest,
            decision=answer.decision,
            operator=operator.id,
            reason=reason,
        )
    return _request(await _known(db, build_id))


async def approved_digest(db: AsyncSession, course: Course) -> str | None:
    """The digest that a start of this Course may run as root, if an operator approved it.

    Raises `RootNotApproved` where no node of its pool would take the image without.
    """
    if course.profile is not Profile.COMPAT or course.image_reference is None:
        return None
    digest = digest_of(course.image_reference)
    if await queries.is_approved(db, digest):
        return digest
    if await root_needs_approval(db, course.pool):
        log.info("root_approval.missing", course=course.id, digest=digest)
        raise RootNotApproved
    return None


def digest_of(reference: str) -> str:
    """`sha256:…` of a reference by digest."""
    return reference.rpartition("@")[2]


def _asked(
    build: BuildStatus, reference: str, person: Person, body: RootAsk, now: datetime
) -> RootApproval:
    return RootApproval(
        build_id=build.id,
        digest=digest_of(reference),
        state=RootState.ASKED,
        findings=build.root_findings or (),
        asked_by_id=person.id,
        asked_at=now,
        comment=body.comment.strip(),
        decided_by_id=None,
        decided_at=None,
        reason="",
        revoked_by_id=None,
        revoked_at=None,
        revoke_reason="",
    )


def _sign(
    row: RootApproval, decision: RootDecision, operator: Person, reason: str, now: datetime
) -> None:
    """Store who decided, when and why; an approval stays readable after its revocation."""
    if decision is RootDecision.REVOKE:
        row.revoked_by_id, row.revoked_at, row.revoke_reason = operator.id, now, reason
        return
    row.decided_by_id, row.decided_at, row.reason = operator.id, now, reason
    row.revoked_by_id, row.revoked_at, row.revoke_reason = None, None, ""


async def _announce(db: AsyncSession, build_id: UUID, person_id: UUID) -> None:
    await announce(db, EventKind.BUILD_CHANGED, build_id, None, person_id)


async def _known(db: AsyncSession, build_id: UUID) -> Request:
    known = await queries.request_of(db, build_id)
    if known is None:
        raise NotFound(f"request for build {build_id}")
    return known


async def _shown(db: AsyncSession, build: BuildStatus, pool: str | None) -> BuildRoot:
    known = await queries.request_of(db, build.id)
    decisions = (
        _decisions(known) if known else RootDecisions(build_id=build.id, state=RootState.NONE)
    )
    pools = [
        RootPool(name=row.name, title=row.pool.title, needs_approval=row.root_needs_approval)
        for row in await known_pools(db)
    ]
    needs = {shown.name: shown.needs_approval for shown in pools}.get(pool or DEFAULT_POOL, False)
    is_published = build.phase is BuildPhase.SUCCEEDED
    return BuildRoot(
        **decisions.model_dump(),
        findings=None if build.root_findings is None else list(build.root_findings),
        pools=pools,
        may_start=decisions.state is RootState.APPROVED or not needs,
        may_ask=is_published and may_ask(decisions.state),
    )


def _request(known: Request) -> RootRequest:
    row = known.approval
    return RootRequest(
        **_decisions(known).model_dump(),
        image_title=known.image.title,
        build_number=known.number,
        digest=row.digest,
        findings=list(row.findings),
        courses=known.courses,
        can=root_decisions(row.state),
    )


def _decisions(known: Request) -> RootDecisions:
    row = known.approval
    return RootDecisions(
        build_id=row.build_id,
        state=row.state,
        comment=row.comment,
        asked_at=row.asked_at,
        asked_by=known.asked_by.shown_name,
        reason=row.revoke_reason or row.reason,
        decided_at=row.revoked_at or row.decided_at,
        decided_by=known.decided_by.shown_name if known.decided_by else None,
    )
