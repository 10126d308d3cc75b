"""Upserts of persons, contexts, roles and activities: every launch refreshes its rows."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.gateway.launches import ContextRole, LaunchContext, LaunchPerson

from ..contexts.withdrawal import stop_for_lost_access
from ..feed import announce
from ..models import ActivityEntry, Context, Enrolment, Membership, ResourceLink
from ..people.identity import identities


async def upsert_person(db: AsyncSession, person: LaunchPerson, now: datetime) -> UUID:
    """The User of (issuer, subject), updated with the values of this launch."""
    values = {"name": person.name, "email": person.email, "locale": person.locale}
    return await identities.upsert_person(db, person.issuer, person.subject, values, now)


async def upsert_context(db: AsyncSession, context: LaunchContext, now: datetime) -> UUID:
    """The course space, updated with its present title."""
    values = {"title": context.title, "label": context.label}
    new = insert(Context).values(
        id=uuid4(),
        registration_id=context.registration_id,
        deployment_id=context.deployment_id,
        context_id=context.context_id,
        created_at=now,
        **values,
    )
    query = new.on_conflict_do_update(
        index_elements=[Context.registration_id, Context.deployment_id, Context.context_id],
        set_=values,
    ).returning(Context.id)
    return (await db.execute(query)).scalar_one()


async def upsert_role(
    db: AsyncSession,
    context_id: UUID,
    user_id: UUID,
    person: LaunchPerson,
    role: ContextRole,
    now: datetime,
) -> None:
    """The role of this launch; a launch without a role removes the old one."""
    mine = Enrolment.context_id == context_id, Enrolment.user_id == user_id
    before = await db.scalar(select(Enrolment.role).where(*mine)) or ContextRole.NONE
    if before is not role:
        await announce(db, EventKind.ROLE_CHANGED, user_id, None, user_id)
    if role is ContextRole.NONE:
        await db.execute(delete(Enrolment).where(*mine))
        return
    values = {
        "issuer": person.issuer,
        "subject": person.subject,
        "role": role,
        "refreshed_at": now,
    }
    new = insert(Enrolment).values(context_id=context_id, user_id=user_id, **values)
    await db.execute(
        new.on_conflict_do_update(
            index_elements=[Enrolment.context_id, Enrolment.user_id],
            set_=values,
        )
    )


async def upsert_link(
    db: AsyncSession, context_id: UUID, link_id: str, title: str | None, now: datetime
) -> ResourceLink:
    """The LMS activity."""
    new = insert(ResourceLink).values(
        id=uuid4(), context_id=context_id, link_id=link_id, title=title, created_at=now
    )
    query = new.on_conflict_do_update(
        index_elements=[ResourceLink.context_id, ResourceLink.link_id], set_={"title": title}
    ).returning(ResourceLink)
    return (await db.scalars(query)).one()


async def record_entry(
    db: AsyncSession, link_id: UUID, user_id: UUID, course_id: UUID, now: datetime
) -> None:
    """Record that the person entered the Course by this activity: its column gets their scores."""
    values = {"course_id": course_id, "entered_at": now}
    new = insert(ActivityEntry).values(resource_link_id=link_id, user_id=user_id, **values)
    key = [ActivityEntry.resource_link_id, ActivityEntry.user_id]
    await db.execute(new.on_conflict_do_update(index_elements=key, set_=values))


async def set_membership(
    db: AsyncSession, course_id: UUID, user_id: UUID, *, joined: bool, now: datetime
) -> None:
    """Add or remove the person's membership of the Course; their work is kept either way."""
    if joined:
        new = insert(Membership).values(course_id=course_id, user_id=user_id, joined_at=now)
        await db.execute(new.on_conflict_do_nothing())
        return
    left = await db.execute(
        delete(Membership)
        .where(Membership.course_id == course_id, Membership.user_id == user_id)
        .returning(Membership.course_id)
    )
    if left.first() is not None:
        await stop_for_lost_access(db, course_id, user_id)
