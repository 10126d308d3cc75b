"""Which errors mean that PostgreSQL cannot answer now, and the problem they become: 503.

Refused or lost connections, a server that starts, stops or has no room for another connection, a
pool without a free one, statements and locks that took too long. All of them pass, and trying the
same again is right; anything else is a fault of ours and stays a 500.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy import Engine, event
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from ..errors import Unavailable

_CLASSES = ("08", "53", "57", "58")
"""Of SQLSTATE: connection, insufficient resources, operator intervention, system error."""
_STATES = (
    "25006",  # read-only: a server that is being replaced
    "25P03",  # idle in transaction for too long
    "25P04",  # transaction timeout
    "40001",  # serialization failure
    "40P01",  # deadlock
    "55P03",  # lock not available
)
_DEAD = ("closed", "connection is lost", "Can't reconnect")


class DatabaseUnavailable(Unavailable):
    """PostgreSQL does not answer, or not in time."""

    code = "database_unavailable"
    title = "The platform's database does not answer"


def is_database_away(error: BaseException) -> bool:
    """Whether `error`, raised by SQLAlchemy or asyncpg, says that the database cannot answer."""
    if isinstance(error, DatabaseUnavailable | PoolTimeout):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _says_away(error.orig)
    if isinstance(error, InvalidRequestError):
        return any(text in str(error) for text in _DEAD)
    if isinstance(error, BaseExceptionGroup):
        return all(is_database_away(inner) for inner in error.exceptions)
    return _says_away(error)


def _says_away(error: BaseException | None) -> bool:
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return state[:2] in _CLASSES or state in _STATES
    if isinstance(error, asyncpg.InterfaceError):
        return any(text in str(error) for text in _DEAD)
    # The driver's protocol in a state that it does not expect: the connection ended in the middle
    # of an answer. Two statements at once on one connection are an InterfaceError instead.
    return isinstance(error, asyncpg.InternalClientError)


@contextmanager
def database_errors(*lost: type[Exception]) -> Iterator[None]:
    """Raise `DatabaseUnavailable` in place of what says that the database cannot answer.

    `lost` are further errors that mean it in this block.
    """
    try:
        yield
    except DatabaseUnavailable:
        raise
    except Exception as error:
        if is_database_away(error) or isinstance(error, lost):
            raise DatabaseUnavailable from error
        raise


def translate_errors(engine: Engine) -> None:
    """Make all that `engine` raises follow this module."""

    @event.listens_for(engine, "do_connect")
    def _connect(
        dialect: Dialect, _: ConnectionPoolEntry, args: list[object], kwargs: dict[str, object]
    ) -> DBAPIConnection:
        known = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
        try:
            return dialect.connect(*args, **kwargs)
        except (*known, dialect.loaded_dbapi.Error) as error:
            raise DatabaseUnavailable from error

    @event.listens_for(engine, "handle_error")
    def _handle(context: ExceptionContext) -> None:
        original = context.original_exception
        if not isinstance(original, Exception):
            return  # a cancellation, which SQLAlchemy calls a disconnect as well: it goes on
        lost = context.is_disconnect or isinstance(original, OSError | TimeoutError)
        if lost or is_database_away(original) or _says_away(original.__cause__):
            raise DatabaseUnavailable from original
