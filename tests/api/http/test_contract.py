"""What is written down beside the code agrees with it: migrations, and the API's description."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from mydocker_api.models import Base
from mydocker_api.openapi import openapi_json

SERVICE = Path(__file__).parents[3] / "services" / "api"


async def test_migrations_make_the_tables_the_code_knows(database_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        options = {
            "include_schemas": True,
            "include_name": lambda name, kind, _: kind != "schema" or name == "api",
            "include_object": lambda _, name, kind, *__: name != "alembic_version",
            "compare_type": True,
        }
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))

    engine = create_async_engine(database_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


def test_the_description_is_up_to_date() -> None:
    written = (SERVICE / "openapi.json").read_text(encoding="utf-8")
    assert written == openapi_json(), "run: python -m mydocker_api openapi"
