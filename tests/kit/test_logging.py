"""What a log event holds: no secret, at most 8 KB, and one JSON object whatever happens."""

import io
import json
import logging
import sys
from collections.abc import Callable
from typing import Any

import asyncpg
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from tests.conftest import ServiceKeys

from mydocker_kit.errors import Unavailable
from mydocker_kit.observability import log_safety
from mydocker_kit.observability.logging import LibraryEvents, event_of, get_logger, log_uncaught
from mydocker_kit.postgres.db import open_engine, open_sessions, transaction
from mydocker_kit.settings import ServiceSettings

SECRET = "correct-horse-battery-staple"


def only(written: io.StringIO) -> dict[str, Any]:
    (written_text,) = written.getvalue().splitlines()
    assert len(written_text) < log_safety.LARGEST_EVENT
    event: dict[str, Any] = json.loads(written_text)
    return event


class Login(BaseModel):
    password: int


def wrong_input() -> None:
    Login.model_validate({"password": SECRET})


def wrong_number() -> None:
    int(SECRET)


def missing_key() -> None:
    {}[SECRET]  # type: ignore[index]


def refused_by_peer() -> None:
    request = httpx.Request("GET", f"https://user:{SECRET}@lms.example/jwks?token={SECRET}")
    httpx.Response(403, request=request).raise_for_status()


def own_error_with_address() -> None:
    raise Unavailable(f"https://lms.example/token?code={SECRET} does not answer")


def in_a_local() -> None:
    refresh_token = SECRET
    raise RuntimeError(f"cannot renew {refresh_token}")


def from_another() -> None:
    try:
        in_a_local()
    except RuntimeError as error:
        raise Unavailable("renewal") from error


def in_a_group() -> None:
    raise ExceptionGroup(SECRET, [ValueError(SECRET), RuntimeError(SECRET)])


@pytest.mark.parametrize(
    "fails",
    [
        *(wrong_input, wrong_number, missing_key, refused_by_peer, own_error_with_address),
        *(in_a_local, from_another, in_a_group),
    ],
)
def test_an_exception_is_logged_without_a_value(
    written: io.StringIO, fails: Callable[[], None]
) -> None:
    try:
        fails()
    except Exception as error:
        get_logger().exception("it.failed", error=error, cause=[error])
    assert SECRET not in written.getvalue()
    event = only(written)
    assert (event["event"], event["level"], event["service"]) == ("it.failed", "error", "tests")
    assert fails.__name__ in json.dumps(event["exception"]), "where it happened is said"


async def test_a_database_error_is_logged_without_parameters_or_rows(
    written: io.StringIO, database_url: str, service_keys: ServiceKeys
) -> None:
    settings = ServiceSettings(
        listen_port=1,
        database_url=SecretStr(database_url),
        service_key=service_keys.private["mydocker-api"],
        trusted_service_keys=service_keys.folder,
    )
    engine = open_engine(settings, "test")
    sessions = open_sessions(engine)
    async with transaction(sessions) as db:
        await db.execute(text("CREATE TABLE kept (secret text CONSTRAINT pk_kept PRIMARY KEY)"))
    for _ in range(2):
        try:
            async with transaction(sessions) as db:
                await db.execute(text("INSERT INTO kept VALUES (:secret)"), {"secret": SECRET})
        except IntegrityError as error:
            get_logger().exception("row.kept_twice", error=error)
    try:
        async with transaction(sessions) as db:
            await db.execute(text("SELECT CAST(:secret AS text)::int"), {"secret": SECRET})
    except Exception as error:
        get_logger().exception("text.no_number", error=error)
    await engine.dispose()
    assert SECRET not in written.getvalue()
    twice, no_number = map(json.loads, written.getvalue().splitlines())
    assert "pk_kept" in json.dumps(twice["exception"])
    assert "sqlstate=22P02" in json.dumps(no_number["exception"])


def test_what_libraries_log_follows_the_same_rules(written: io.StringIO) -> None:
    try:
        in_a_local()
    except RuntimeError as error:
        logging.getLogger("asyncio").error(
            "Task exception was never retrieved\nfuture: <Task exception=%r>", error, exc_info=error
        )
        logging.getLogger("pool").error("Exception during reset: %r", error)
    logging.getLogger("client").warning("GET https://lms.example/a?token=%s", SECRET)
    logging.getLogger("client").warning("a header: Bearer mydocker_pat_%s", "0Aa" * 12)
    assert SECRET not in written.getvalue()
    assert "0Aa" not in written.getvalue()
    never, reset, got, _ = map(json.loads, written.getvalue().splitlines())
    assert (never["event"], never["logger"]) == ("Task exception was never retrieved", "asyncio")
    assert never["exception"][0]["type"] == "RuntimeError"
    assert reset["event"] == "Exception during reset: RuntimeError"
    assert got["event"] == "GET https://lms.example/a?…"


def test_what_ends_a_program_is_logged_without_a_value(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    log_uncaught()
    error = RuntimeError(SECRET)
    sys.excepthook(RuntimeError, error, None)
    assert SECRET not in written.getvalue()
    assert only(written)["event"] == "program.failed"


def deep(depth: int) -> None:
    payload = SECRET * 1000
    if depth == 0:
        raise Unavailable(payload)
    deep(depth - 1)


def test_a_deep_traceback_stays_small(written: io.StringIO) -> None:
    try:
        deep(300)
    except Unavailable:
        get_logger().exception("it.failed")
    assert "deep" in json.dumps(only(written)["exception"])


@pytest.mark.parametrize(
    "value",
    [
        "x" * 500_000,
        "é\u2028😀" * 50_000,
        [{"name": "y" * 1000, "inner": ["z" * 5000] * 50}] * 100,
        {f"key {number}": "v" * 100 for number in range(10_000)},
        {("no", "text"): SecretStr("s")},
        SecretStr("s" * 100_000),
        b"\xff" * 100_000,
    ],
)
def test_a_long_event_is_cut_and_says_so(written: io.StringIO, value: object) -> None:
    get_logger().warning("it.happened", value=value, request_id="abcdefgh")
    event = only(written)
    assert event["event"].startswith("it.happened")
    if "unreadable" not in event:
        assert event["request_id"] == "abcdefgh"
        assert event.get("cut_from", log_safety.LARGEST_EVENT + 1) > log_safety.LARGEST_EVENT


def test_an_event_with_many_long_fields_keeps_what_identifies_it(written: io.StringIO) -> None:
    fields = {f"field_{number}": "w" * 300 for number in range(2000)}
    get_logger().warning("it.happened", request_id="abcdefgh", **fields)
    event = only(written)
    assert (event["event"], event["request_id"]) == ("it.happened", "abcdefgh")
    assert event["cut_from"] > 600_000


# Long ones repeat a short one: to draw thousands of characters takes seconds.
long_text = st.text(max_size=30).map(lambda text: text * 100)
long_bytes = st.binary(max_size=30).map(lambda content: content * 100)
json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | long_text | long_bytes,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=50), inner),
    max_leaves=30,
)


@given(st.dictionaries(st.text(max_size=30), json_values, max_size=30))
def test_every_event_is_rendered_as_bounded_json_without_line_breaks(event: dict[str, Any]) -> None:
    rendered = log_safety.render(None, "info", {**event, "event": "it.happened"})
    assert len(rendered) < log_safety.LARGEST_EVENT
    assert "\n" not in rendered
    assert json.loads(rendered)["event"] == "it.happened"


def test_a_record_that_cannot_be_formatted_breaks_nothing(written: io.StringIO) -> None:
    unreadable = logging.LogRecord("library", logging.ERROR, "", 0, "%d", ("no number",), None)
    LibraryEvents().emit(unreadable)
    record = logging.LogRecord(
        "library", logging.ERROR, "", 0, "%s", (asyncpg.DataError(SECRET),), None
    )
    assert SECRET not in event_of(record)
