"""The migration of ends outside the years that the platform takes, 2000 to 2200."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import Connection, text
from tests.api.migrations.test_instants import ENDS, set_instants
from tests.api.migrations.test_placement import Rows, on
from tests.support.postgresql import Database

from mydocker_kit.postgres import migrations

FOLDER = Path(__file__).parents[3] / "services" / "orchestrator" / "migrations"
BEFORE = "2026_11_23_direct_ports"


@pytest.fixture
def old_database(postgres: Database) -> Iterator[str]:
    name = f"t{uuid4().hex}"
    postgres.run(f"CREATE DATABASE {name}")
    command.upgrade(migrations.config_for(FOLDER, postgres.url(name)), BEFORE)
    yield postgres.url(name)
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


def spec_of(ends: tuple[str | None, str | None]) -> dict[str, Any]:
    return {"image": "x", "ends_at": ends[0], "lease_ends_at": ends[1]}


def fill(connection: Connection) -> dict[str, UUID]:
    """An environment with each of the ends, in its columns and in its spec."""
    rows, ids = Rows(connection, "orchestrator"), {}
    for version, (name, ends) in enumerate(ENDS.items()):
        ids[name] = rows.add("environments", version=version, spec=spec_of(ends))
        ends_at, lease_ends_at = ends
        set_instants(
            connection,
            "orchestrator.environments",
            ids[name],
            ends_at=ends_at,
            lease_ends_at=lease_ends_at,
        )
    return ids


def test_ends_that_nothing_can_read_are_gone_from_columns_and_specs(old_database: str) -> None:
    ids = asyncio.run(on(old_database, fill))
    migrations.upgrade(FOLDER, old_database)

    def look(connection: Connection) -> dict[UUID, tuple[bool, bool, dict[str, Any]]]:
        rows = connection.execute(
            text(
                "SELECT id, ends_at IS NOT NULL, lease_ends_at IS NOT NULL, spec"
                " FROM orchestrator.environments"
            )
        )
        return {id: tuple(rest) for id, *rest in rows}

    unchanged = {
        "kept": (True, True, spec_of(ENDS["kept"])),
        "none": (False, False, spec_of(ENDS["none"])),
        "one": (False, True, spec_of(ENDS["one"])),
    }
    cleared = (False, False, spec_of((None, None)))
    assert asyncio.run(on(old_database, look)) == {
        id: unchanged.get(name, cleared) for name, id in ids.items()
    }
