"""The migration that lets what runs as root go on."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import Connection, text
from tests.api.migrations.test_placement import Rows, on
from tests.support.postgresql import Database

from mydocker_kit.postgres import migrations

FOLDER = Path(__file__).parents[3] / "services" / "orchestrator" / "migrations"
BEFORE = "2026_11_28_instants"
DIGEST = "sha256:" + "a" * 64
ROWS = {
    "runs": ("compat", "ready", DIGEST),
    "queued": ("compat", "queued", DIGEST),
    "stopped": ("compat", "stopped", None),
    "strict": ("strict", "ready", None),
}


@pytest.fixture
def old_database(postgres: Database) -> Iterator[str]:
    name = f"t{uuid4().hex}"
    postgres.run(f"CREATE DATABASE {name}")
    command.upgrade(migrations.config_for(FOLDER, postgres.url(name)), BEFORE)
    yield postgres.url(name)
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


def fill(connection: Connection) -> dict[str, UUID]:
    rows = Rows(connection, "orchestrator")
    return {
        name: rows.add(
            "environments",
            version=version,
            phase=phase,
            spec={"image": f"registry/x@{DIGEST}", "profile": profile},
        )
        for version, (name, (profile, phase, _)) in enumerate(ROWS.items())
    }


def test_what_runs_as_root_counts_as_approved_and_nothing_else(old_database: str) -> None:
    ids = asyncio.run(on(old_database, fill))
    migrations.upgrade(FOLDER, old_database)

    def look(connection: Connection) -> dict[UUID, str | None]:
        query = "SELECT id, spec->>'root_approved_for' AS approved FROM orchestrator.environments"
        return {row.id: row.approved for row in connection.execute(text(query))}

    expected = {ids[name]: approved for name, (_, _, approved) in ROWS.items()}
    assert asyncio.run(on(old_database, look)) == expected
