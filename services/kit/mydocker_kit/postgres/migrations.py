"""Alembic, the same way in every service: own schema, own history, asynchronous driver."""

import asyncio
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, pool, text
from sqlalchemy.ext.asyncio import create_async_engine


def config_for(folder: Path, database_url: str) -> Config:
    """Alembic's configuration for the migrations in `folder`."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.attributes["database_url"] = database_url
    return config


def upgrade(folder: Path, database_url: str) -> None:
    """Bring the schema to the newest migration; does nothing when it is there."""
    command.upgrade(config_for(folder, database_url), "head")


def run_env(metadata: MetaData) -> None:
    """The whole of a service's `migrations/env.py`."""
    config = context.config
    engine = create_async_engine(
        config.attributes["database_url"], poolclass=pool.NullPool, hide_parameters=True
    )

    async def run() -> None:
        async with engine.connect() as connection:
            await connection.run_sync(lambda sync: _migrate(sync, metadata))
            await connection.commit()
        await engine.dispose()

    asyncio.run(run())


def _migrate(connection: Connection, metadata: MetaData) -> None:
    schema = metadata.schema
    connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table_schema=schema,
        include_schemas=True,
        include_name=lambda name, kind, _: kind != "schema" or name == schema,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
