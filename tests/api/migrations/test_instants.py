"""The migration of sessions and ends outside the years that the platform takes, 2000 to 2200."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import Connection, text
from tests.api.migrations.test_placement import FOLDER, NOW, OURS, Rows, on, person
from tests.support.postgresql import Database

from mydocker_kit.postgres import migrations

BEFORE = "2026_11_28_activity_entries"
IN_RANGE = ("2026-11-28 08:00Z", "2200-12-31 23:59Z")
SESSIONS = {
    "kept": IN_RANGE,
    "old": ("1999-12-31 23:59Z", "2026-11-28 10:00Z"),
    "year_1": ("0001-01-01 00:00Z", "0001-01-01 01:00Z"),
    "end_of_9999": ("9999-12-31 22:00Z", "9999-12-31 23:59:59Z"),
    "beyond_python": ("2026-11-28 08:00Z", "10000-01-01 00:00Z"),
    "before_christ": ("4000-01-01 00:00Z BC", "2026-11-28 10:00Z"),
    "without_end": ("2026-11-28 08:00Z", "infinity"),
    "without_beginning": ("-infinity", "2026-11-28 10:00Z"),
}
ENDS = {
    "kept": IN_RANGE,
    "none": (None, None),
    "one": (None, IN_RANGE[1]),
    "late": ("9999-12-31 23:59Z", None),
    "late_lease": (IN_RANGE[0], "infinity"),
    "early": ("0001-01-01 00:00Z BC", IN_RANGE[0]),
    "early_lease": (IN_RANGE[0], "1999-12-31 23:59Z"),
}
"""`ends_at` and `lease_ends_at` of environments."""


@pytest.fixture
def old_database(postgres: Database) -> Iterator[str]:
    name = f"t{uuid4().hex}"
    postgres.run(f"CREATE DATABASE {name}")
    command.upgrade(migrations.config_for(FOLDER, postgres.url(name)), BEFORE)
    yield postgres.url(name)
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


def set_instants(connection: Connection, table: str, id: UUID, **instants: str | None) -> None:
    """As SQL literals: what Python has no value for, the table held all the same."""
    words = ", ".join(
        f"{column} = {'NULL' if value is None else repr(value)}"
        for column, value in instants.items()
    )
    connection.execute(text(f"UPDATE {table} SET {words} WHERE id = '{id}'"))  # noqa: S608


def fill(connection: Connection) -> dict[str, dict[str, UUID]]:
    """Each of the sessions, and an environment with each of the ends."""
    rows = Rows(connection)
    course = rows.add("courses", owner_id=person(rows, OURS), status="ready")
    sessions, environments = {}, {}
    for name, (begin, end_of_session) in SESSIONS.items():
        sessions[name] = rows.add(
            "course_sessions", course_id=course, starts_at=NOW, ends_at=NOW + timedelta(hours=1)
        )
        set_instants(
            connection,
            "api.course_sessions",
            sessions[name],
            starts_at=begin,
            ends_at=end_of_session,
        )
    for name, (end, lease_end) in ENDS.items():
        environments[name] = rows.add(
            "environments", course_id=course, user_id=person(rows, OURS), revision=1
        )
        set_instants(
            connection,
            "api.environments",
            environments[name],
            ends_at=end,
            lease_ends_at=lease_end,
        )
    return {"sessions": sessions, "environments": environments}


def test_sessions_and_ends_that_nothing_can_read_are_gone(old_database: str) -> None:
    ids = asyncio.run(on(old_database, fill))
    migrations.upgrade(FOLDER, old_database)

    def look(connection: Connection) -> tuple[set[UUID], dict[UUID, tuple[bool, bool, int]]]:
        sessions = connection.execute(text("SELECT id FROM api.course_sessions"))
        environments = connection.execute(
            text(
                "SELECT id, ends_at IS NOT NULL, lease_ends_at IS NOT NULL, revision"
                " FROM api.environments"
            )
        )
        return {id for (id,) in sessions}, {id: tuple(rest) for id, *rest in environments}

    sessions, environments = asyncio.run(on(old_database, look))
    assert sessions == {ids["sessions"]["kept"]}
    unchanged = {"kept": (True, True, 1), "none": (False, False, 1), "one": (False, True, 1)}
    assert environments == {
        id: unchanged.get(name, (False, False, 2)) for name, id in ids["environments"].items()
    }
