"""PostgreSQL: engine, transactions, and the base of every table."""

import select
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Engine, MetaData, Select, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util import greenlet_spawn

from ..settings import ServiceSettings
from .db_errors import database_errors, translate_errors

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
    engine = create_async_engine(
        settings.database_url.get_secret_value(),
        pool_size=settings.database_pool,
        max_overflow=0,  # what goes beyond a pool is made and thrown away at each use
        pool_use_lifo=True,  # the few that a quiet hour needs stay warm
        pool_timeout=10,
        hide_parameters=True,  # an error that is printed somewhere must not hold values
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
    _replace_dead_connections(engine.sync_engine)
    translate_errors(engine.sync_engine)
    return engine


TRUSTED_SECONDS = 30.0
"""How long an unused connection counts as alive unless its socket says that it is not."""
_RESTED_SINCE = "rested_since"


def _replace_dead_connections(engine: Engine) -> None:
    """A connection that died answers with a 500: whoever takes one out of the pool gets it anew.

    A server that ends it closes the socket, and the driver or at least the kernel knows: asking
    the server each time (`pool_pre_ping`, three trips) costs more than the statement that follows.
    Something between us that forgets connections says nothing, and does so to those that rest:
    they are asked.
    """

    @event.listens_for(engine, "checkin")
    def _note_rest(connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[_RESTED_SINCE] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _replace(connection: DBAPIConnection, entry: ConnectionPoolEntry, _: Any) -> None:
        if entry.driver_connection is None or entry.driver_connection.is_closed():
            raise DisconnectionError
        rested = time.monotonic() - entry.info.get(_RESTED_SINCE, time.monotonic())
        if rested > TRUSTED_SECONDS or _has_unread_data(entry.driver_connection):
            try:
                engine.dialect.do_ping(connection)
            except Exception as error:  # whatever it says, another connection is wanted
                raise DisconnectionError from error


def _has_unread_data(driver: Any) -> bool:
    """Whether something came in while nobody asked: mostly the server's notice that it closes.

    The driver learns of it only when the event loop looks, which may be after the next statement.
    """
    socket = driver._transport.get_extra_info("socket")
    waiting = select.poll()
    waiting.register(socket.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def open_sessions(engine: AsyncEngine) -> Sessions:
    """A factory of database handles that keep their rows readable after commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def transaction(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """One transaction: commits at the end, rolls back on any error."""
    with database_errors():
        async with sessions() as db, db.begin():
            yield db


class Question:
    """A statement asked with nearly every request: made into text once, put to the driver itself.

    It begins nothing and sees what is committed when it is asked, in one trip and for a quarter of
    a session's time. Only for statements that read; `bindparam` names their parameters.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        dialect = asyncpg_dialect()  # type: ignore[no-untyped-call]
        compiled = statement.compile(dialect=dialect)
        self._text = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        self._constants = {
            name: value
            for name, value in compiled.params.items()
            if not compiled.binds[name].required
        }
        self._readers = [
            (index, reader)
            for index, column in enumerate(statement.selected_columns)
            if (reader := column.type.result_processor(dialect, None))
        ]

    async def one_or_none(self, sessions: Sessions, **values: Any) -> list[Any] | None:
        """The columns of the row, as their types read them; None when there is no row."""
        engine: AsyncEngine = sessions.kw["bind"]
        given = {**self._constants, **values}
        with database_errors(OSError, TimeoutError):
            connection = await engine.raw_connection()
            try:
                driver: Any = connection.driver_connection
                record = await driver.fetchrow(self._text, *(given[name] for name in self._names))
            finally:
                await greenlet_spawn(connection.close)
        if record is None:
            return None
        row = list(record)
        for index, reader in self._readers:
            row[index] = reader(row[index])
        return row
