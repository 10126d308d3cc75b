"""What only the bastion's bridge may ask about desktops."""

from fastapi import APIRouter

from mydocker_kit.contracts.desktops import DesktopPlace, DesktopVisit

from ...deps import Db, FromBastion, Live, Passwords
from . import service

inside = APIRouter(prefix="/internal", dependencies=[FromBastion], include_in_schema=False)


@inside.post("/desktops")
async def locate_desktop(
    body: DesktopVisit, passwords: Passwords, db: Db, live: Live
) -> DesktopPlace:
    """Where a visitor's desktop is, and what opens it."""
    row, address = await service.place(db, live, body)
    password = passwords.open(row.sealed_password)
    return DesktopPlace(attempt=row.attempt, address=address, password=password)
