"""Locates a desktop; authorized again for each WebSocket, whatever the token says."""

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.bastion.desktops import DesktopVisit
from mydocker_kit.contracts.orchestrator.environments import Address, PortKind
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.observability.logging import get_logger

from ...models import Environment
from ...orchestration.status_cache import StatusCache
from ...ssh.service import port_address
from . import queries

log = get_logger()


class DesktopAsleep(Conflict):
    """The environment does not run, or not yet."""

    code = "desktop_asleep"
    title = "The environment of this desktop is not running"


async def locate(
    db: AsyncSession, statuses: StatusCache, visit: DesktopVisit
) -> tuple[Environment, Address]:
    """The Environment and the address of its VNC port; `NotFound` for anybody but its owner."""
    statuses.check_loaded()
    row = await queries.environment_of(db, visit.environment_id, visit.user_id)
    ports = row.plan.ports if row and row.plan else ()
    declared = any(port.number == visit.port and port.kind is PortKind.VNC for port in ports)
    if row is None or not declared:
        raise NotFound("no such desktop")
    _, address = port_address(row, statuses.get(row.id), visit.port)
    if address is None:
        raise DesktopAsleep
    log.info("desktop.located", id=row.id, port=visit.port)
    return row, address
