"""Changing pools: the orchestrator keeps them, Courses choose them, and both must agree."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.contracts.pools import Pool
from mydocker_kit.errors import Conflict
from mydocker_kit.logging import get_logger
from mydocker_kit.problems import ProblemSubject

from ..domain.courses import checks
from ..domain.policy import Person
from ..fields import refuse
from . import queries

log = get_logger()
_NAMED = 10


class PoolChosen(Conflict):
    """Courses choose it; the answer names the first of them, with whom to ask."""

    code, title = "pool_chosen", "Courses choose this pool"

    def __init__(self, count: int, courses: list[tuple[UUID, str]]) -> None:
        super().__init__(count=count)
        self.subjects = [
            ProblemSubject(kind="course_and_owner", id=id, title=title) for id, title in courses
        ]


async def put_pool(
    db: AsyncSession,
    orchestrator: OrchestratorClient,
    operator: Person,
    name: str,
    pool: Pool,
    *,
    new: bool,
    seen: datetime | None,
) -> Pool:
    """Have it kept; teachers may choose it at once."""
    refuse(checks.title_flaws(pool.title))
    await queries.take_turn(db)
    kept = await orchestrator.put_pool(name, pool, new=new, seen=seen)
    await queries.keep(db, [kept], whole=False)
    log.info("pool.written", pool=name, operator=operator.id, new=new)
    return kept


async def remove_pool(
    db: AsyncSession, orchestrator: OrchestratorClient, operator: Person, name: str
) -> None:
    """Have it forgotten, unless a Course chooses it; whoever is about to choose it is awaited."""
    await queries.take_turn(db)
    await queries.hold(db, name)
    courses, total = await queries.choosing(db, name, _NAMED)
    if total:
        raise PoolChosen(total, courses)
    await orchestrator.remove_pool(name)
    await queries.forget(db, name)
    log.info("pool.removed", pool=name, operator=operator.id)
