"""PostgreSQL: engine, transactions, and the base of every table."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from .settings import ServiceSettings

Sessions = async_sessionmaker[AsyncSession]

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


COLUMN_TYPES: dict[Any, Any] = {datetime: DateTime(timezone=True), dict[str, Any]: JSONB}
"""The `type_annotation_map` of every service's tables."""


def table_metadata(schema: str) -> MetaData:
    """One service's own schema, with the one naming convention.

    A service writes `class Base(DeclarativeBase)` itself, with this and `COLUMN_TYPES`: a base
    that a function returns is no type to mypy.
    """
    return MetaData(schema=schema, naming_convention=_NAMING)


def open_engine(settings: ServiceSettings, service: str) -> AsyncEngine:
    """A pooled engine; statements are cut after 15 s so that a stuck lock cannot hold a service."""
    return create_async_engine(
        settings.database_url.get_secret_value(),
        pool_size=settings.database_pool,
        max_overflow=settings.database_pool,
        # Costs a tenth of a short request; without it a connection that died answers with a 500.
        pool_pre_ping=True,
        pool_timeout=10,
        connect_args={
            "timeout": 10,
            "server_settings": {
                "application_name": f"mydocker-{service}",
                "statement_timeout": "15000",
                "idle_in_transaction_session_timeout": "30000",
                "timezone": "UTC",
            },
        },
    )


def open_sessions(engine: AsyncEngine) -> Sessions:
    """A factory of database handles that keep their rows readable after commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def transaction(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """One transaction: commits at the end, rolls back on any error."""
    async with sessions() as db, db.begin():
        yield db


@asynccontextmanager
async def reading(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """For reads alone. Each statement sees what is committed then, as in a transaction of ours,
    and the two trips that begin and end one are saved: half of a short request's time."""
    async with sessions() as db:
        await db.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        yield db
