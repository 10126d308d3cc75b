"""Changes of pools: the orchestrator stores them, and Courses refer to them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.contracts.orchestrator.pools import Pool
from mydocker_kit.errors import Conflict
from mydocker_kit.etags import IfMatch
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.problems import ProblemSubject

from ..domain.courses import checks
from ..domain.policy import Person
from ..inputs.fields import refuse
from . import queries

log = get_logger()
_NAMED = 10


class PoolChosen(Conflict):
    """Courses choose the pool; the problem names the first of them with their owners."""

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
    if_match: IfMatch | None,
) -> Pool:
    """Create or change a pool; teachers may choose it at once. Without `if_match`: a new one."""
    refuse(checks.title_flaws(pool.title))
    await queries.lock_pools(db)
    new = if_match is None
    stored = await orchestrator.put_pool(name, pool, new=new, if_match=if_match)
    await queries.store(db, [stored], whole=False)
    log.info("pool.written", pool=name, operator=operator.id, new=new)
    return stored


async def remove_pool(
    db: AsyncSession,
    orchestrator: OrchestratorClient,
    operator: Person,
    name: str,
    if_match: IfMatch,
) -> None:
    """Remove a pool unless a Course chooses it; waits for concurrent choices."""
    await queries.lock_pools(db)
    await queries.lock(db, name)
    courses, total = await queries.courses_of_pool(db, name, _NAMED)
    if total:
        raise PoolChosen(total, courses)
    await orchestrator.remove_pool(name, if_match=if_match)
    await queries.delete_pool(db, name)
    log.info("pool.removed", pool=name, operator=operator.id)
