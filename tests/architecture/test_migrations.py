"""Each history makes exactly the tables the code expects, along one line."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, pool
from sqlalchemy.ext.asyncio import create_async_engine

import mydocker_api.models
import mydocker_builder.models
import mydocker_lti.models
import mydocker_orchestrator.models
from mydocker_kit.postgres.migrations import config_for

ROOT = Path(__file__).parents[2]
HISTORIES: dict[str, MetaData] = {
    "api": mydocker_api.models.Base.metadata,
    "builder": mydocker_builder.models.Base.metadata,
    "lti-gateway": mydocker_lti.models.Base.metadata,
    "orchestrator": mydocker_orchestrator.models.Base.metadata,
}


@pytest.mark.parametrize("service", HISTORIES)
async def test_the_tables_are_those_of_the_code(service: str, database_url: str) -> None:
    metadata = HISTORIES[service]
    engine = create_async_engine(database_url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        assert await connection.run_sync(lambda sync: _differences(sync, metadata)) == []
    await engine.dispose()


def _differences(connection: Connection, metadata: MetaData) -> list[object]:
    options = {
        "version_table_schema": metadata.schema,
        "include_schemas": True,
        "include_name": lambda name, kind, _: kind != "schema" or name == metadata.schema,
        "compare_type": True,
    }
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


@pytest.mark.parametrize("service", HISTORIES)
def test_a_history_has_one_end(service: str) -> None:
    folder = ROOT / "services" / service / "migrations"
    heads = ScriptDirectory.from_config(config_for(folder, "")).get_heads()
    assert len(heads) == 1, f"{service}: migrations branch at {heads}"
