"""Connections that died while nobody used them, and reads without a transaction of their own."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from tests.conftest import Database

from mydocker_kit import db
from mydocker_kit.settings import ServiceSettings


class Settings(ServiceSettings):
    listen_port: int = 1


def settings(url: str) -> Settings:
    return Settings(
        database_url=SecretStr(url),
        service_key=SecretStr("none"),
        trusted_service_keys=Path("/nonexistent"),
    )


async def test_a_connection_that_died_is_replaced(postgres: Database, database_url: str) -> None:
    engine = db.open_engine(settings(database_url), "test")
    sessions = db.open_sessions(engine)
    async with db.transaction(sessions) as one:
        pid = await one.scalar(text("SELECT pg_backend_pid()"))
    postgres.run(f"SELECT pg_terminate_backend({pid}, 5000)")
    async with db.transaction(sessions) as one:
        assert await one.scalar(text("SELECT pg_backend_pid()")) != pid
    await engine.dispose()


async def test_reads_begin_nothing_and_leave_the_connection_as_it_was(database_url: str) -> None:
    engine = db.open_engine(settings(database_url), "test")
    sessions = db.open_sessions(engine)
    async with db.reading(sessions) as one:
        first = await one.scalar(text("SELECT txid_current()"))
        assert await one.scalar(text("SELECT txid_current()")) != first
    with pytest.raises(ZeroDivisionError):
        async with db.reading(sessions):
            raise ZeroDivisionError
    async with db.transaction(sessions) as one:  # the same connection, a transaction again
        first = await one.scalar(text("SELECT txid_current()"))
        assert await one.scalar(text("SELECT txid_current()")) == first
    await engine.dispose()
