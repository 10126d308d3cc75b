"""Secrets of a visit as they pass by, and the places where none of them may ever be found."""

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from mydocker_kit.log_safety import describe_exceptions
from mydocker_kit.logging import _NOISY, event_of

SECRET_FIELDS = frozenset(
    {
        *("id_token", "client_assertion", "access_token", "refresh_token"),
        *("ticket", "JWT", "jwt", "password"),
    }
)
"""Form fields and JSON members, in questions and answers, whose values are secrets."""


@dataclass
class Canary:
    """What was seen: secrets to look for, and everything somebody could read afterwards."""

    secrets: dict[str, str] = field(default_factory=dict)
    """By value, what kind of secret it is."""
    places: dict[str, list[str]] = field(default_factory=dict)

    def watch(self, kind: str, value: str | None) -> None:
        if value and len(value) >= 8:
            self.secrets[value] = kind

    def saw(self, place: str, text: str) -> None:
        self.places.setdefault(place, []).append(text)

    def leaks(self) -> list[str]:
        """Each secret that stands where somebody could read it, and where."""
        return sorted(
            {
                f"{kind} in {place}"
                for place, texts in self.places.items()
                for seen in texts
                for secret, kind in self.secrets.items()
                if secret in seen or secret in unquote(seen)
            }
        )

    def watching(self, app: ASGIApp, name: str) -> ASGIApp:
        """`app`, every request and answer of which is looked at."""

        def saw_address(place: str, address: str) -> None:
            # The LMS's own addresses carry its `sesskey`, as Moodle's do; nobody else's may.
            kept = re.sub(r"sesskey=\w+", "", address) if name == "lms" else address
            self.saw(place, kept)

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            asked, said = bytearray(), bytearray()
            headers = {key.decode().lower(): value.decode() for key, value in scope["headers"]}
            saw_address("an address", f"{scope['path']}?{scope['query_string'].decode()}")
            saw_address("a referrer", headers.get("referer", ""))
            self.watch("bearer", headers.get("authorization", "").removeprefix("Bearer "))
            self._cookies(headers.get("cookie", ""))

            async def receiving() -> Message:
                message = await receive()
                asked.extend(message.get("body", b""))
                return message

            async def sending(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self._answered(name, message)
                said.extend(message.get("body", b""))
                await send(message)

            await app(scope, receiving, sending)
            self._content(bytes(asked))
            self._content(bytes(said))

        return answer

    def _answered(self, name: str, message: Message) -> None:
        for key, value in message["headers"]:
            if key.lower() == b"set-cookie":
                self._cookies(value.decode().partition(";")[0])
            if key.lower() == b"location" and name == "tool":
                parts = urlsplit(value.decode())
                self.watch("ticket", parts.fragment.removeprefix("ticket="))
                self.saw("a redirect", parts._replace(fragment="").geturl())

    def _cookies(self, header: str) -> None:
        for pair in header.split(";"):
            name, _, value = pair.strip().partition("=")
            if name.startswith("__Host-"):
                self.watch("cookie", value)

    def _content(self, body: bytes) -> None:
        decoded = body.decode("utf-8", "replace")
        for key in re.findall(r"sesskey(?:=|%3D|\" value=\")([0-9a-f]{8,})", decoded):
            self.watch("sesskey", key)
        for name, values in parse_qs(decoded).items():
            if name in SECRET_FIELDS:
                self.watch(name.lower(), values[0])
        try:
            members = json.loads(decoded)
        except ValueError:
            return
        self._members(members)

    def _members(self, value: object) -> None:
        """Members of any depth: credentials stand inside of a spec."""
        if isinstance(value, list):
            for one in value:
                self._members(one)
        if isinstance(value, dict):
            for name, one in value.items():
                if name in SECRET_FIELDS and isinstance(one, str):
                    self.watch(name.lower(), one)
                self._members(one)


async def rows_of_schema(db: AsyncSession, schema: str) -> AsyncIterator[tuple[str, str]]:
    """Every row of every table, as text."""
    query = text("SELECT table_name FROM information_schema.tables WHERE table_schema = :schema")
    for (table,) in (await db.execute(query, {"schema": schema})).all():
        rows = await db.execute(text(f'SELECT row_to_json(t)::text FROM {schema}."{table}" t'))  # noqa: S608
        for (row,) in rows.all():
            yield f"table {table}", row


@contextmanager
def listening(
    canary: Canary, caplog: pytest.LogCaptureFixture
) -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged in the block, at every level; the canary has seen it all at its end."""
    caplog.set_level(logging.DEBUG)
    for name in _NOISY:  # as every service has it, whatever its own level
        caplog.set_level(logging.WARNING, name)
    # With the processors of production: what is found in a value or an exception counts as well.
    with capture_logs(processors=[merge_contextvars, describe_exceptions]) as events:
        yield events
    for event in events:
        canary.saw("a log event", repr(event))
    for record in caplog.records:
        canary.saw("a library's log", event_of(record))
