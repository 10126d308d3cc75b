"""PostgreSQL: engine, transactions, and the base of every table."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from time import monotonic
from typing import Any

from sqlalchemy import DateTime, MetaData, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import ConnectionPoolEntry

from .settings import ServiceSettings

Sessions = async_sessionmaker[AsyncSession]
SILENCE = 1.0
"""Seconds after which an idle connection is asked whether it lives."""

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
    engine = create_async_engine(
        settings.database_url.get_secret_value(),
        pool_size=settings.database_pool,
        max_overflow=settings.database_pool,
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
    _ask_after_silence(engine)
    return engine


def _ask_after_silence(engine: AsyncEngine) -> None:
    """Before a connection is used that was idle, ask whether it lives.

    SQLAlchemy's own `pool_pre_ping` asks each time, which is a tenth of a short request.
    """
    dialect = engine.sync_engine.dialect

    @event.listens_for(engine.sync_engine, "checkin")
    def _left(connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["idle_since"] = monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def _taken(connection: Any, record: ConnectionPoolEntry, proxy: object) -> None:
        if monotonic() - record.info.get("idle_since", -SILENCE) < SILENCE:
            return
        try:
            dialect.do_ping(connection)
        except Exception as error:
            if isinstance(error, dialect.loaded_dbapi.Error):
                raise DisconnectionError from error  # the pool makes a new one
            raise


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
