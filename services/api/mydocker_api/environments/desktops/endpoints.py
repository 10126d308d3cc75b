"""Requests of the bastion about desktops and other streams."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.contracts.bastion.desktops import DesktopTarget, DesktopVisit
from mydocker_kit.contracts.bastion.streams import WebSessionQuery

from ...deps import Db, Ended, FromBastion, Passwords, Statuses
from . import service

inside = APIRouter(prefix="/internal", dependencies=[FromBastion], include_in_schema=False)


@inside.post("/desktops")
async def locate_desktop(
    body: DesktopVisit, passwords: Passwords, db: Db, statuses: Statuses
) -> DesktopTarget:
    """The address of a desktop and its password."""
    row, address = await service.locate(db, statuses, body)
    password = passwords.open(row.sealed_password)
    return DesktopTarget(attempt=row.attempt, address=address, password=password)


@inside.post("/ended-web-sessions")
async def ended_web_sessions(body: WebSessionQuery, ended: Ended) -> list[UUID]:
    """Which of these web sessions are over: their streams close."""
    return [id for id in body.web_session_ids if ended.is_over(id)]
