"""Where a desktop is: decided anew for each socket, whatever the visitor's token says."""

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.desktops import DesktopVisit
from mydocker_kit.contracts.environments import Address, PortKind
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.logging import get_logger

from ...models import Environment
from ...orchestration.status_cache import LiveEnvironments
from ...ssh.service import way
from . import queries

log = get_logger()


class DesktopAsleep(Conflict):
    """The environment does not run, or not yet."""

    code = "desktop_asleep"
    title = "The environment of this desktop is not running"


async def place(
    db: AsyncSession, live: LiveEnvironments, visit: DesktopVisit
) -> tuple[Environment, Address]:
    """The Environment and its VNC port's address; for whom it is not, there is none."""
    live.check_loaded()
    row = await queries.environment_of(db, visit.environment_id, visit.user_id)
    ports = row.plan.ports if row and row.plan else ()
    declared = any(one.number == visit.port and one.kind is PortKind.VNC for one in ports)
    if row is None or not declared:
        raise NotFound("no such desktop")
    _, address = way(row, live.get(row.id), visit.port)
    if address is None:
        raise DesktopAsleep
    log.info("desktop.asked", id=row.id, port=visit.port)
    return row, address
