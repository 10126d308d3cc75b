"""Connections that died while nobody used them, and questions that need no transaction."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from tests.support.postgresql import Database

from mydocker_kit.postgres import db, db_errors
from mydocker_kit.settings import ServiceSettings


class Settings(ServiceSettings):
    listen_port: int = 1


def settings(url: str, **values: Any) -> Settings:
    return Settings(
        **values,
        database_url=SecretStr(url),
        service_key=SecretStr("none"),
        trusted_service_keys=Path("/nonexistent"),
    )


async def test_a_connection_that_the_server_ended_is_replaced(
    postgres: Database, database_url: str
) -> None:
    engine = db.open_engine(settings(database_url), "test")
    sessions = db.open_sessions(engine)
    async with db.transaction(sessions) as first, db.transaction(sessions) as second:
        pids = {
            await session.scalar(sa.text("SELECT pg_backend_pid()")) for session in (first, second)
        }
    for pid in pids:
        await asyncio.to_thread(postgres.run, f"SELECT pg_terminate_backend({pid}, 5000)")
    async with db.transaction(sessions) as first, db.transaction(sessions) as second:
        again = {
            await session.scalar(sa.text("SELECT pg_backend_pid()")) for session in (first, second)
        }
    assert len(again) == 2
    assert not again & pids
    await engine.dispose()


async def test_a_connection_whose_end_is_not_noticed_yet_is_replaced(
    postgres: Database, database_url: str
) -> None:
    engine = db.open_engine(settings(database_url), "test")
    sessions = db.open_sessions(engine)
    async with db.transaction(sessions) as session:
        pid = await session.scalar(sa.text("SELECT pg_backend_pid()"))
    # The event loop waits meanwhile: only the kernel has heard of it.
    postgres.run(f"SELECT pg_terminate_backend({pid}, 5000)")
    async with db.transaction(sessions) as session:
        assert await session.scalar(sa.text("SELECT pg_backend_pid()")) != pid
    await engine.dispose()


async def test_a_connection_that_rested_long_is_asked_whether_it_lives(
    postgres: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "TRUSTED_SECONDS", -1.0)
    monkeypatch.setattr(db, "_has_unread_data", lambda _: False)  # as if it had died without a word
    engine = db.open_engine(settings(database_url), "test")
    sessions = db.open_sessions(engine)
    async with db.transaction(sessions) as session:
        pid = await session.scalar(sa.text("SELECT pg_backend_pid()"))
    async with db.transaction(sessions) as session:  # it lives, and stays
        assert await session.scalar(sa.text("SELECT pg_backend_pid()")) == pid
    postgres.run(f"SELECT pg_terminate_backend({pid}, 5000)")
    async with db.transaction(sessions) as session:
        assert await session.scalar(sa.text("SELECT pg_backend_pid()")) != pid
    await engine.dispose()


class Colour(StrEnum):
    RED = "red"


ASKED = db.Question(
    sa.select(
        sa.literal_column("txid_current_if_assigned()"),
        sa.literal_column("'RED'", sa.Enum(Colour)),
        sa.cast(sa.bindparam("number"), sa.Integer) + sa.cast(sa.bindparam("other"), sa.Integer),
    ).where(sa.cast(sa.bindparam("number"), sa.Integer) > 0)
)
SLOW = db.Question(sa.select(sa.func.pg_sleep(60)))


async def test_a_question_is_answered_in_its_types_and_begins_nothing(database_url: str) -> None:
    engine = db.open_engine(settings(database_url), "test")
    sessions = db.open_sessions(engine)
    row = await ASKED.one_or_none(sessions, number=3, other=4)
    assert row == [None, Colour.RED, 7]
    assert await ASKED.one_or_none(sessions, other=4, number=0) is None
    async with db.transaction(sessions) as session:  # the same connection, a transaction again
        first = await session.scalar(sa.text("SELECT txid_current()"))
        assert await session.scalar(sa.text("SELECT txid_current()")) == first
    await engine.dispose()


async def test_a_question_that_fails_gives_its_connection_back(database_url: str) -> None:
    engine = db.open_engine(settings(database_url, database_pool=2), "test")
    sessions = db.open_sessions(engine)
    for _ in range(5):
        with pytest.raises(asyncpg.DataError):
            await ASKED.one_or_none(sessions, number="three", other=4)
        with pytest.raises(KeyError):
            await ASKED.one_or_none(sessions, number=3)
        asked = asyncio.ensure_future(SLOW.one_or_none(sessions))
        await asyncio.sleep(0)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
    assert await ASKED.one_or_none(sessions, number=3, other=4)
    assert engine.sync_engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    await engine.dispose()


async def test_a_cancelled_statement_stays_cancelled(database_url: str) -> None:
    """SQLAlchemy reports a cancellation as a disconnect: handled as a lost database, it would be
    swallowed, and a cancelled loop would go on for ever."""
    engine = db.open_engine(settings(database_url), "test")

    async def ask(asked: asyncio.Event) -> None:
        async with db.transaction(db.open_sessions(engine)) as session:
            await session.scalar(sa.text("SELECT 1"))
            asked.set()
            await session.scalar(sa.text("SELECT pg_sleep(60)"))

    asked = asyncio.Event()
    asking = asyncio.create_task(ask(asked))
    await asked.wait()
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await engine.dispose()


@pytest.mark.parametrize(
    ("error", "away"),
    [
        # What asyncpg raises when a connection ends while it asks the server about a type.
        (asyncpg.InternalClientError("cannot switch to state 12; another operation (2)"), True),
        (asyncpg.InterfaceError("connection is closed"), True),
        (asyncpg.InterfaceError("another operation is in progress"), False),
        (asyncpg.UniqueViolationError("duplicate key"), False),
    ],
)
def test_what_means_that_the_database_is_away(error: Exception, away: bool) -> None:
    assert db_errors.is_database_away(error) is away
