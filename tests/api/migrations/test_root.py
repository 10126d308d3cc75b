"""The migration that asks for approvals of what courses run as root already."""

import asyncio
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from alembic import command
from sqlalchemy import Connection, text
from tests.api.migrations.test_placement import FOLDER, OURS, Rows, on, person
from tests.support.postgresql import Database

from mydocker_kit.postgres import migrations

BEFORE = "2026_11_29_api_tokens"
DIGEST = "sha256:" + "a" * 64


@pytest.fixture
def old_database(postgres: Database) -> Iterator[str]:
    name = f"t{uuid4().hex}"
    postgres.run(f"CREATE DATABASE {name}")
    command.upgrade(migrations.config_for(FOLDER, postgres.url(name)), BEFORE)
    yield postgres.url(name)
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


def fill(connection: Connection) -> tuple[UUID, UUID]:
    """The owner, and the build that two courses run as root; others need nothing."""
    rows = Rows(connection)
    owner = person(rows, OURS)
    image = rows.add("images", owner_id=owner, profile="compat")
    rooted, strict = (rows.add("builds", image_id=image, number=number) for number in (1, 2))
    for build, profile in ((rooted, "compat"), (rooted, "compat"), (strict, "strict")):
        rows.add(
            "courses",
            owner_id=owner,
            image_id=image,
            build_id=build,
            image_reference=f"registry/images/x@{DIGEST}",
            profile=profile,
            status="ready",
        )
    rows.add("courses", owner_id=owner, build_id=None, profile="compat", status="draft")
    return owner, rooted


def test_each_build_that_runs_as_root_gets_one_request(old_database: str) -> None:
    owner, rooted = asyncio.run(on(old_database, fill))
    migrations.upgrade(FOLDER, old_database)

    def look(connection: Connection) -> list[tuple[object, ...]]:
        query = "SELECT build_id, digest, state, asked_by_id, decided_at FROM api.root_approvals"
        return [tuple(row) for row in connection.execute(text(query))]

    assert asyncio.run(on(old_database, look)) == [(rooted, DIGEST, "asked", owner, None)]
