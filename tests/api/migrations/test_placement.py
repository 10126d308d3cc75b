"""The migration that writes down what created each placement, and undoes what was taken."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    DateTime,
    Float,
    Integer,
    MetaData,
    Table,
    Uuid,
    pool,
    select,
)
from sqlalchemy.ext.asyncio import create_async_engine
from tests.support.postgresql import Database

from mydocker_kit.postgres import migrations

FOLDER = Path(__file__).parents[3] / "services" / "api" / "migrations"
BEFORE = "2026_11_23_course_pools"
NOW = datetime(2026, 11, 28, tzinfo=UTC)
OURS, THEIRS = "https://moodle.example", "https://other-school.example"


class Rows:
    """The tables as they were; what a test does not care about has some value."""

    def __init__(self, connection: Connection, schema: str = "api") -> None:
        self._connection, self._tables = connection, MetaData(schema=schema)
        self._tables.reflect(connection)

    def table(self, name: str) -> Table:
        return self._tables.tables[f"{self._tables.schema}.{name}"]

    def add(self, name: str, **known: Any) -> UUID:
        id, table = uuid4(), self.table(name)
        filled = {
            column.name: known.get(column.name, id if column.name == "id" else _some(column.type))
            for column in table.columns
            if column.name in known or (not column.nullable and column.server_default is None)
        }
        self._connection.execute(table.insert().values(**filled))
        return id


def _some(kind: Any) -> Any:
    for known, value in ((Uuid, uuid4()), (DateTime, NOW), (Boolean, False), (JSON, {})):
        if isinstance(kind, known):
            return value
    return 1 if isinstance(kind, Integer | Float) else uuid4().hex[:8]


@pytest.fixture
def old_database(postgres: Database) -> Iterator[str]:
    name = f"t{uuid4().hex}"
    postgres.run(f"CREATE DATABASE {name}")
    command.upgrade(migrations.config_for(FOLDER, postgres.url(name)), BEFORE)
    yield postgres.url(name)
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


def person(rows: Rows, issuer: str) -> UUID:
    subject = uuid4().hex
    user = rows.add("users", issuer=issuer, subject=subject)
    rows.add("identities", user_id=user, issuer=issuer, subject=subject)
    return user


def placed(rows: Rows, course: UUID, registration: UUID) -> tuple[UUID, UUID]:
    context = rows.add("contexts", registration_id=registration)
    return context, rows.add("resource_links", context_id=context, course_id=course)


def enrolled(rows: Rows, user: UUID, context: UUID, role: str, issuer: str) -> None:
    rows.add("enrolments", context_id=context, user_id=user, role=role, issuer=issuer)


def fill(connection: Connection) -> dict[str, UUID]:
    """A Course placed by its owner, copied by a colleague, and taken by another school."""
    rows = Rows(connection)
    owner, student = person(rows, OURS), person(rows, OURS)
    teacher, mallory = person(rows, THEIRS), person(rows, THEIRS)
    course = rows.add("courses", owner_id=owner, status="ready")
    our_registration, their_registration = uuid4(), uuid4()
    own, own_link = placed(rows, course, our_registration)
    _, copied = placed(rows, course, our_registration)
    foreign, taken = placed(rows, course, their_registration)
    _, unknown = placed(rows, course, uuid4())
    enrolled(rows, owner, own, "teacher", OURS)
    enrolled(rows, student, own, "student", OURS)
    enrolled(rows, teacher, foreign, "teacher", THEIRS)
    enrolled(rows, mallory, foreign, "student", THEIRS)
    for user in (student, teacher, mallory):
        rows.add("memberships", course_id=course, user_id=user)
        rows.add("environments", course_id=course, user_id=user, wanted="running", revision=1)
    named = {"own": own_link, "copied": copied, "taken": taken, "unknown": unknown}
    return {**named, "student": student, "mallory": mallory, "teacher": teacher}


async def on(url: str, work: Any) -> Any:
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.begin() as connection:
        result = await connection.run_sync(work)
    await engine.dispose()
    return result


def test_what_owners_placed_stays_and_what_others_took_is_undone(old_database: str) -> None:
    ids = asyncio.run(on(old_database, fill))
    migrations.upgrade(FOLDER, old_database)

    def look(connection: Connection) -> None:
        rows = Rows(connection)
        links, seats = rows.table("resource_links"), rows.table("memberships")
        running = rows.table("environments")
        query = select(links.c.id, links.c.course_id, links.c.placement_origin)
        by_id = {row.id: row for row in connection.execute(query)}
        for name in ("own", "copied", "unknown"):
            assert by_id[ids[name]].course_id is not None
            assert by_id[ids[name]].placement_origin == "legacy"
        assert tuple(by_id[ids["taken"]])[1:] == (None, None)
        assert set(connection.scalars(select(seats.c.user_id))) == {ids["student"]}
        wishes = select(running.c.user_id, running.c.wanted, running.c.revision)
        assert {row.user_id: (row.wanted, row.revision) for row in connection.execute(wishes)} == {
            ids["student"]: ("running", 1),
            ids["mallory"]: ("stopped", 2),
            ids["teacher"]: ("stopped", 2),
        }

    asyncio.run(on(old_database, look))
