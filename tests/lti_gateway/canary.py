"""Collects secrets that pass through a service, and searches for leaks of them."""

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

from mydocker_kit.observability.log_safety import describe_exceptions
from mydocker_kit.observability.logging import _NOISY, event_of

SECRET_FIELDS = frozenset(
    {
        *("id_token", "client_assertion", "access_token", "refresh_token"),
        *("ticket", "JWT", "jwt", "password"),
    }
)
"""Form fields and JSON members, in requests and responses, whose values are secrets."""


@dataclass
class Canary:
    """Secrets to look for, and text that could leak them, by location."""

    secrets: dict[str, str] = field(default_factory=dict)
    """Kind of secret by its value."""
    sightings: dict[str, list[str]] = field(default_factory=dict)

    def watch(self, kind: str, value: str | None) -> None:
        if value and len(value) >= 8:
            self.secrets[value] = kind

    def saw(self, location: str, text: str) -> None:
        self.sightings.setdefault(location, []).append(text)

    def leaks(self) -> list[str]:
        """Each leaked secret with its location."""
        return sorted(
            {
                f"{kind} in {location}"
                for location, texts in self.sightings.items()
                for seen in texts
                for secret, kind in self.secrets.items()
                if secret in seen or secret in unquote(seen)
            }
        )

    def watching(self, app: ASGIApp, name: str) -> ASGIApp:
        """Wrap `app`: records secrets and text of all requests and responses."""

        def saw_address(location: str, address: str) -> None:
            # Only the LMS's own URLs contain its `sesskey`, as in Moodle.
            without_sesskey = re.sub(r"sesskey=\w+", "", address) if name == "lms" else address
            self.saw(location, without_sesskey)

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            request_body, response_body = bytearray(), bytearray()
            headers = {key.decode().lower(): value.decode() for key, value in scope["headers"]}
            saw_address("an address", f"{scope['path']}?{scope['query_string'].decode()}")
            saw_address("a referrer", headers.get("referer", ""))
            self.watch("bearer", headers.get("authorization", "").removeprefix("Bearer "))
            self._cookies(headers.get("cookie", ""))

            async def receiving() -> Message:
                message = await receive()
                request_body.extend(message.get("body", b""))
                return message

            async def sending(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self._answered(name, message)
                response_body.extend(message.get("body", b""))
                await send(message)

            await app(scope, receiving, sending)
            self._content(bytes(request_body))
            self._content(bytes(response_body))

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
        """Members at any depth: a spec contains credentials."""
        if isinstance(value, list):
            for item in value:
                self._members(item)
        if isinstance(value, dict):
            for name, item in value.items():
                if name in SECRET_FIELDS and isinstance(item, str):
                    self.watch(name.lower(), item)
                self._members(item)


async def rows_of_schema(db: AsyncSession, schema: str) -> AsyncIterator[tuple[str, str]]:
    """All rows of all tables as text."""
    query = text("SELECT table_name FROM information_schema.tables WHERE table_schema = :schema")
    for (table,) in (await db.execute(query, {"schema": schema})).all():
        rows = await db.execute(text(f'SELECT row_to_json(t)::text FROM {schema}."{table}" t'))  # noqa: S608
        for (row,) in rows.all():
            yield f"table {table}", row


@contextmanager
def listening(
    canary: Canary, caplog: pytest.LogCaptureFixture
) -> Iterator[list[MutableMapping[str, Any]]]:
    """Records all log events of the block, at every level."""
    caplog.set_level(logging.DEBUG)
    for name in _NOISY:  # as services configure it, whatever their own level
        caplog.set_level(logging.WARNING, name)
    # With the processors of production: values and exceptions are searched as well.
    with capture_logs(processors=[merge_contextvars, describe_exceptions]) as events:
        yield events
    for event in events:
        canary.saw("a log event", repr(event))
    for record in caplog.records:
        canary.saw("a library's log", event_of(record))
