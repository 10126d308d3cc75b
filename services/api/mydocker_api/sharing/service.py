"""Giving, changing and removing rights to a Course or an Image, and handing it over.

A share is written with the address and its platform. Somebody of the platform who has the address
gets the right at once; otherwise it waits as an invitation, which `rights.invitations.claim` gives
to the first person whom the platform launches with that address.
"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.errors import Forbidden, NotFound
from mydocker_kit.observability.logging import get_logger

from ..contexts.withdrawal import leave_if_uninvited
from ..domain.courses.checks import Flaw
from ..domain.policy import Person, ShareKind, ShareRight
from ..domain.policy.sharing import (
    AlreadyOwner,
    CannotOwn,
    NotArrived,
    is_address,
    normal_address,
    person_of_address,
    platform_to_ask,
    rights_of,
)
from ..feed import announce
from ..inputs.fields import refuse
from ..limits.caps import CapReached, check_cap
from ..metrics import SHARE_CHANGES
from ..models import Course, Image, Share
from ..settings import Settings
from . import queries
from .queries import Resource
from .schemas import NewShare, Sharing
from .views import sharing

log = get_logger()
MOST_SHARES = 200


class SharesFull(CapReached):
    """As many people as one Course or Image may be shared with."""

    code, title = "shares_full", "It is shared with as many people as it may be"


class NewOwnerFull(CapReached):
    """The new owner has as many Courses or Images as one person may have."""

    code, title = "new_owner_full", "The new owner has as many as one may have"


async def shown(db: AsyncSession, person: Person, resource: Resource) -> Sharing:
    """Who has which right, and where it comes from."""
    return await sharing(db, person, resource)


async def give(
    db: AsyncSession, person: Person, resource: Resource, body: NewShare, now: datetime
) -> Sharing:
    """Give a right to an address; of an address that has one already, it becomes this one."""
    _check_owns(person, resource)
    _check_fields(resource, body.right, body.email)
    platforms = await queries.platforms_of(db, person.id)
    issuer = platform_to_ask(platforms, body.platform)
    email = normal_address(body.email)
    user_id = person_of_address(await queries.people_with_address(db, issuer, email))
    if user_id == resource.owner_id:
        raise AlreadyOwner
    share = await queries.share_of_address(db, resource, issuer, email, user_id)
    if share is None:
        if await queries.count(db, resource) >= MOST_SHARES:
            raise SharesFull(most=MOST_SHARES)
        share = _new(resource, issuer, email, user_id, person, now)
        db.add(share)
    share.right = body.right
    await _done(db, resource, share, "given")
    return await sharing(db, person, resource)


async def change(
    db: AsyncSession, person: Person, resource: Resource, share_id: UUID, right: ShareRight
) -> Sharing:
    """Give the same person another right."""
    _check_owns(person, resource)
    _check_fields(resource, right)
    share = await _share(db, resource, share_id)
    share.right = right
    await _done(db, resource, share, "changed")
    return await sharing(db, person, resource)


async def remove(db: AsyncSession, person: Person, resource: Resource, share_id: UUID) -> None:
    """Take a right away; people may also give up their own.

    What they run of the Course stops, unless something else lets them in. Courses of theirs that
    run a build of the Image keep it.
    """
    share = await _share(db, resource, share_id)
    if person.id != share.user_id:
        _check_owns(person, resource)
    await db.delete(share)
    await _done(db, resource, share, "removed")
    if isinstance(resource, Course) and share.user_id is not None:
        await leave_if_uninvited(db, resource.id, share.user_id)


async def hand_over(
    db: AsyncSession,
    settings: Settings,
    person: Person,
    resource: Resource,
    share_id: UUID,
    now: datetime,
) -> Sharing:
    """Make the person of this share the owner; the present owner keeps the right to edit."""
    _check_owns(person, resource)
    share = await _share(db, resource, share_id)
    if share.user_id is None:
        raise NotArrived
    if not await queries.teaches(db, share.user_id):
        raise CannotOwn
    await _check_room(db, settings, resource, share.user_id)
    platforms = await queries.platforms_of(db, person.id)
    former, resource.owner_id = resource.owner_id, share.user_id
    resource.updated_at = now
    await db.delete(share)
    await db.flush()
    if platforms and person.email:
        email = normal_address(person.email)
        former_share = await queries.share_of_address(db, resource, platforms[0], email, former)
        if former_share is None:
            former_share = _new(resource, platforms[0], email, former, person, now)
            db.add(former_share)
        former_share.user_id, former_share.right = former, ShareRight.EDIT
    await _done(db, resource, share, "handed_over")
    return await sharing(db, person, resource)


def _check_owns(person: Person, resource: Resource) -> None:
    if person.id != resource.owner_id:
        raise Forbidden("only the owner shares")


async def _check_room(
    db: AsyncSession, settings: Settings, resource: Resource, new_owner_id: UUID
) -> None:
    """The caps of creation hold for what is handed over, or colleagues could be flooded."""
    if isinstance(resource, Course):
        most = settings.courses_per_person
        await check_cap(db, Course, Course.owner_id, new_owner_id, most, NewOwnerFull)
    else:
        most = settings.images_per_person
        await check_cap(db, Image, Image.owner_id, new_owner_id, most, NewOwnerFull)


def _check_fields(resource: Resource, right: ShareRight, email: str | None = None) -> None:
    flaws = []
    if email is not None and not is_address(normal_address(email)):
        flaws.append(Flaw("email", "email_malformed", "This is no e-mail address"))
    if right not in rights_of(queries.kind_of(resource)):
        flaws.append(Flaw("right", "right_unknown", "This right cannot be given here"))
    refuse(flaws)


async def _share(db: AsyncSession, resource: Resource, share_id: UUID) -> Share:
    share = await queries.share(db, resource, share_id)
    if share is None:
        raise NotFound(f"share {share_id}")
    return share


def _new(
    resource: Resource,
    issuer: str,
    email: str,
    user_id: UUID | None,
    person: Person,
    now: datetime,
) -> Share:
    is_course = queries.kind_of(resource) is ShareKind.COURSE
    return Share(
        id=uuid4(),
        course_id=resource.id if is_course else None,
        image_id=None if is_course else resource.id,
        right=ShareRight.VIEW,
        issuer=issuer,
        email=email,
        user_id=user_id,
        shared_by=person.id,
        created_at=now,
    )


async def _done(db: AsyncSession, resource: Resource, share: Share, change: str) -> None:
    """Record the change, and tell the pages of the person whom it concerns."""
    await db.flush()
    if share.user_id is not None:
        await announce(db, EventKind.ROLE_CHANGED, share.user_id, None, share.user_id)
    SHARE_CHANGES.labels(change).inc()
    log.info(
        "share.changed",
        change=change,
        kind=queries.kind_of(resource),
        resource=resource.id,
        right=share.right,
        user=share.user_id,
        issuer=share.issuer,
    )
