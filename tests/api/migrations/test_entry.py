"""The migration that fills in by which activities people had entered before it was written down."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import Connection, select
from tests.api.migrations.test_placement import FOLDER, NOW, OURS, Rows, enrolled, on, person
from tests.support.postgresql import Database

from mydocker_kit.postgres import migrations

BEFORE = "2026_11_28_placements"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def old_database(postgres: Database) -> Iterator[str]:
    name = f"t{uuid4().hex}"
    postgres.run(f"CREATE DATABASE {name}")
    command.upgrade(migrations.config_for(FOLDER, postgres.url(name)), BEFORE)
    yield postgres.url(name)
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


def fill(connection: Connection) -> dict[str, UUID]:
    """An activity, its copy of a day later, and one in a course space of other people."""
    rows = Rows(connection)
    course = rows.add("courses", owner_id=person(rows, OURS))
    here, there = rows.add("contexts"), rows.add("contexts")
    links = {
        "first": rows.add("resource_links", context_id=here, course_id=course, created_at=NOW),
        "copy": rows.add("resource_links", context_id=here, course_id=course, created_at=LATER),
        "foreign": rows.add("resource_links", context_id=there, course_id=course, created_at=NOW),
    }
    people = {name: person(rows, OURS) for name in ("early", "late", "launched")}
    for name, user in people.items():
        enrolled(rows, user, here, "student", OURS)
        joined_at = NOW if name == "early" else LATER
        rows.add("memberships", course_id=course, user_id=user, joined_at=joined_at)
    landing = {
        "kind": "window",
        "course_id": str(course),
        "resource_link_id": str(links["copy"]),
    }
    arrival = {"user_id": str(people["launched"]), "landing": landing}
    rows.add("launches", user_id=people["launched"], arrival=arrival, received_at=LATER)
    return links | people


def test_nobody_is_taken_to_have_entered_by_a_later_copy(old_database: str) -> None:
    ids = asyncio.run(on(old_database, fill))
    migrations.upgrade(FOLDER, old_database)

    def look(connection: Connection) -> set[tuple[UUID, UUID]]:
        entries = Rows(connection).table("activity_entries")
        rows = connection.execute(select(entries.c.user_id, entries.c.resource_link_id))
        return {(user, link) for user, link in rows}

    assert asyncio.run(on(old_database, look)) == {
        (ids["early"], ids["first"]),
        (ids["late"], ids["first"]),  # both stood there: the teacher is asked
        (ids["late"], ids["copy"]),
        (ids["launched"], ids["copy"]),  # known, from the launch itself
    }
