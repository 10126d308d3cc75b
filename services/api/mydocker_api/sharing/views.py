"""Everybody with a right to a Course or an Image."""

from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from ..domain.policy import Person, ShareRight
from ..domain.policy.sharing import rights_of
from ..models import Course, Share, User
from . import queries
from .queries import Resource
from .schemas import RightHolder, RightOrigin, SharePlatform, Sharing


async def sharing(db: AsyncSession, person: Person, resource: Resource) -> Sharing:
    """Who has which right and from where; addresses only for the owner."""
    owns = person.id == resource.owner_id
    owner = await db.get(User, resource.owner_id)
    people = [_owner(owner, person)] if owner else []
    for share, user in await queries.shares(db, resource):
        if user is not None or owns:
            people.append(_by_share(share, user, person, owns=owns))
    if isinstance(resource, Course):
        people += [
            RightHolder(
                name=user.shown_name,
                email=None,
                right=ShareRight.VIEW,
                origin=RightOrigin.ROLE,
                user_id=user.id,
                context_title=title,
                since=since,
                is_me=user.id == person.id,
            )
            for user, title, since in await queries.teachers_where_placed(db, resource.id)
            if user.id != resource.owner_id
        ]
    platforms = await queries.platforms_of(db, person.id) if owns else []
    return Sharing(
        people=people,
        may_share=owns,
        rights=rights_of(queries.kind_of(resource)),
        platforms=[
            SharePlatform(issuer=issuer, title=urlsplit(issuer).netloc or issuer)
            for issuer in platforms
        ],
    )


def _owner(owner: User, person: Person) -> RightHolder:
    return RightHolder(
        name=owner.shown_name,
        email=None,
        right=ShareRight.EDIT,
        origin=RightOrigin.OWNER,
        user_id=owner.id,
        is_me=owner.id == person.id,
    )


def _by_share(share: Share, user: User | None, person: Person, *, owns: bool) -> RightHolder:
    return RightHolder(
        name=user.shown_name if user else None,
        email=share.email if owns else None,
        right=share.right,
        origin=RightOrigin.SHARE,
        share_id=share.id,
        user_id=share.user_id,
        since=share.created_at,
        is_me=share.user_id == person.id,
    )
