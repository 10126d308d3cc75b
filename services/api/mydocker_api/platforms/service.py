"""Changing a platform, and what it means for the people who came from it."""

from enum import StrEnum
from uuid import UUID

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.contracts.cursors import Parameters
from mydocker_kit.contracts.gateway.platforms import (
    PlatformNote,
    PlatformOrder,
    PlatformState,
    PlatformStatus,
)
from mydocker_kit.contracts.gateway.sessions import SessionEnd
from mydocker_kit.errors import Conflict, Invalid
from mydocker_kit.etags import IfMatch
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import LARGEST_PAGE
from mydocker_kit.postgres.db import Sessions, transaction

from ..contexts import placements
from . import moving
from .schemas import PeopleMoved

log = get_logger()


class WhichPeople(StrEnum):
    """Whose people a platform with another issuer sends."""

    SAME = "same"
    """It moved: they keep their accounts."""
    OTHERS = "others"


class IssuerChanges(Conflict):
    """The issuer identifies people: the operator must say whether they stay the same."""

    code, title = "issuer_changes", "Say whether its people stay the same"


class IssuerInUse(Conflict):
    """Somebody may still enter under the earlier issuer, and would be a new person there."""

    code, title = "issuer_in_use", "Another active platform has the earlier issuer"


class IssuerNeverKnown(Invalid):
    """Only people of platforms move: never those of a sign-in provider, never by a slip."""

    code, title = "issuer_never_known", "No platform ever had this issuer"


async def change(
    sessions: Sessions,
    gateway: LtiClient,
    id: UUID,
    order: PlatformOrder,
    people: WhichPeople | None,
    if_match: IfMatch,
) -> PlatformStatus:
    """Put the platform as ordered, then move its people if they are the same."""
    before = await gateway.platform(id)
    # Of another version nothing is asked: the gateway refuses it, and says who made it.
    if before.issuer == order.draft.issuer or not if_match.admits(before.etag):
        return await gateway.put_platform(id, order, if_match)
    if people is None:
        raise IssuerChanges(before.issuer)
    if people is WhichPeople.SAME:
        await _check_unused(gateway, before.issuer, but=id)
    if people is WhichPeople.OTHERS:
        return await _replace(sessions, gateway, id, order, if_match)
    changed = await gateway.put_platform(id, order, if_match)
    await move_people(sessions, gateway, changed, before.issuer, actor=order.actor)
    return changed


async def _replace(
    sessions: Sessions, gateway: LtiClient, id: UUID, order: PlatformOrder, if_match: IfMatch
) -> PlatformStatus:
    """Another platform under the same registration: its ids of activities mean something else.

    Undone together: when the gateway refuses, the placements stay.
    """
    async with transaction(sessions) as db:
        undone = await placements.undo_all(db, id)
        changed = await gateway.put_platform(
            id, order.model_copy(update={"is_another_platform": True}), if_match
        )
    log.info("platform.placements_undone", registration=id, count=undone)
    return changed


async def move_people(
    sessions: Sessions, gateway: LtiClient, to: PlatformStatus, from_issuer: str, *, actor: UUID
) -> PeopleMoved:
    """The people of `from_issuer` are this platform's from now on. May be ordered again."""
    if from_issuer == to.issuer:
        return PeopleMoved(moved=0, apart=0)
    if from_issuer not in await gateway.earlier_issuers(to.id):
        raise IssuerNeverKnown(from_issuer)
    await _check_unused(gateway, from_issuer, but=to.id)
    # First the journal: nothing of this kind ever happens without a line in it.
    facts: dict[str, str | int] = {"from_issuer": from_issuer, "to_issuer": to.issuer}
    note = PlatformNote(kind="people_moved", facts=facts, actor=actor)
    await gateway.note_on_platform(to.id, note)
    async with transaction(sessions) as db:
        moved, gone = await moving.move_people(db, from_issuer, to.issuer, actor=actor)
    for id in gone:
        await gateway.end_sessions_of(id, SessionEnd.REPLACED)
    return moved


async def _check_unused(gateway: LtiClient, issuer: str, *, but: UUID) -> None:
    asked: Parameters = {"page_size": LARGEST_PAGE, "search": issuer[:120]}
    page = await gateway.platforms(asked, PlatformState.ACTIVE)
    if any(platform.issuer == issuer and platform.id != but for platform in page.items):
        raise IssuerInUse(issuer)
