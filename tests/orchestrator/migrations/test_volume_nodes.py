"""The migration that records work folders where their environments ran last."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import Connection, text
from tests.api.migrations.test_placement import Rows, on
from tests.support.postgresql import Database

from mydocker_kit.postgres import migrations

FOLDER = Path(__file__).parents[3] / "services" / "orchestrator" / "migrations"
BEFORE = "2026_11_29_root_access"
NOW = datetime(2026, 11, 29, tzinfo=UTC)
ROWS = (
    ("work-a", "left", NOW),
    ("work-a", "right", NOW + timedelta(hours=1)),
    ("work-b", "left", NOW),
    ("work-queued", None, None),
    (None, "left", NOW),
)
"""Volume, machine and start of each environment."""


@pytest.fixture
def old_database(postgres: Database) -> Iterator[str]:
    name = f"t{uuid4().hex}"
    postgres.run(f"CREATE DATABASE {name}")
    command.upgrade(migrations.config_for(FOLDER, postgres.url(name)), BEFORE)
    yield postgres.url(name)
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


def fill(connection: Connection) -> None:
    rows = Rows(connection, "orchestrator")
    for version, (volume, node, running_at) in enumerate(ROWS):
        mounts = {"volumes": [{"name": volume, "path": "/home/student"}]} if volume else {}
        known = {"node": node, "running_at": running_at} if node else {}
        rows.add("environments", version=version, phase="stopped", spec=mounts, **known)


def test_folders_are_recorded_by_the_name_of_the_machine_of_the_last_start(
    old_database: str,
) -> None:
    asyncio.run(on(old_database, fill))
    migrations.upgrade(FOLDER, old_database)

    def look(connection: Connection) -> dict[str, tuple[str | None, str]]:
        rows = connection.execute(text("SELECT * FROM orchestrator.volume_nodes"))
        return {row.name: (row.node_id, row.node) for row in rows}

    expected = {"work-a": (None, "right"), "work-b": (None, "left")}
    assert asyncio.run(on(old_database, look)) == expected
