"""Inserts the rows in bulk; what is there stays as it is, so that it may be repeated."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from mydocker_api.domain.policy import MAY_TEACH
from mydocker_api.domain.tokens.form import SHOWN, digest, new_token
from mydocker_api.domain.tokens.scopes import Scope
from mydocker_api.models import ApiToken, Enrolment, Share, User

from .ids import COURSES, ISSUER, id_of
from .rows import rows, share


async def plant(url: str, now: datetime) -> dict[str, int]:
    """How many rows each table got. The statistics of the planner are renewed too."""
    planted: dict[str, int] = {}
    engine = create_async_engine(url)
    try:
        async with AsyncSession(engine) as db, db.begin():
            for table, entries in rows(now):
                before = await db.scalar(text(f"SELECT count(*) FROM {table.__table__}"))  # noqa: S608
                await db.execute(insert(table).on_conflict_do_nothing(), entries)
                after = await db.scalar(text(f"SELECT count(*) FROM {table.__table__}"))  # noqa: S608
                planted[table.__tablename__] = after - before
        async with engine.connect() as connection:
            connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("ANALYZE"))
    finally:
        await engine.dispose()
    return planted


async def share_with_teachers(url: str, now: datetime) -> list[str]:
    """Show the Courses to every teacher who came from elsewhere; their names."""
    engine = create_async_engine(url)
    try:
        async with AsyncSession(engine) as db, db.begin():
            teaches = select(Enrolment.user_id).where(Enrolment.role.in_(MAY_TEACH))
            query = select(User).where(User.id.in_(teaches), User.issuer != ISSUER)
            people = list(await db.scalars(query))
            entries = [
                {**share(course, 0, now), **_viewer(person)}
                for person in people
                for course in range(COURSES)
            ]
            if entries:
                await db.execute(insert(Share).on_conflict_do_nothing(), entries)
            return [person.shown_name for person in people]
    finally:
        await engine.dispose()


def _viewer(person: User) -> dict[str, object]:
    address = person.email or f"{person.id}@university.example"
    return {"id": uuid4(), "user_id": person.id, "issuer": person.issuer, "email": address}


async def new_api_token(url: str, now: datetime) -> str:
    """An API token of the pedagogical engineer, with every scope."""
    secret = new_token()
    engine = create_async_engine(url)
    try:
        async with AsyncSession(engine) as db, db.begin():
            token = ApiToken(
                id=uuid4(),
                user_id=id_of("user", 0),
                name="make seed",
                digest=digest(secret),
                ending=secret[-SHOWN:],
                scopes=[scope.value for scope in Scope],
                created_at=now,
                expires_at=now + timedelta(days=30),
            )
            db.add(token)
    finally:
        await engine.dispose()
    return secret
