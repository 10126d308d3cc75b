"""Slows down and refuses floods of requests before anything else is done for them.

A request of somebody known is counted for that person; every other one (no token, or one that has
not been verified yet) for its address. A campus may sit behind a single address, so those limits
are far apart. The address is the one that the edge names; nobody else is believed
(`ProgramSettings.trusted_proxies`).

Two rules keep one person's flood from costing others their time. Beyond a small burst, a person's
requests are paced: each waits for its token, and only what would wait longer than `PATIENCE` is
refused; so a script slows down to the rate that is allowed instead of failing. And a refusal is
answered after `REFUSAL_PAUSE`, because whoever asks again at once after each refusal would keep
the processor busy with refusals. A waiting request holds a timer, no database connection and no
body. As many refusals as `MOST_PAUSED` wait for each person or address; others are answered at
once, from a header scan, a dictionary and an answer made beforehand.
"""

import asyncio
import json
from collections.abc import Callable, Hashable
from functools import lru_cache

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..observability.logging import get_logger
from ..observability.metrics import RATE_LIMITED, REQUESTS_PACED
from ..problems import MEDIA_TYPE, Problem
from .rate_limits import ConcurrencyLimit, RateLimit, RateLimited, network_of

log = get_logger()
Identify = Callable[[bytes], Hashable | None]
"""Who a verified `Authorization` header belongs to; None for any other."""
PATIENCE = 2.0
"""Seconds that a request of a person waits at most until it is let on."""
REFUSAL_PAUSE = 1.0
"""Seconds until a refusal is answered."""
POLICY = "requests"
"""Name of the limit of a person in `RateLimit` and `RateLimit-Policy`."""
MOST_PAUSED = 256
"""Refusals of one person or address that wait at once in this process."""


class RequestLimits:
    """Pure ASGI, outside of everything that costs."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        by_person: RateLimit,
        by_address: RateLimit,
        identify: Identify,
        prefixes: tuple[str, ...],
    ) -> None:
        self._app, self._identify, self._prefixes = app, identify, prefixes
        self._by_person, self._by_address = by_person, by_address
        self._policy = f'"{POLICY}";q={by_person.per_minute:g};w=60'.encode()
        self._paused = ConcurrencyLimit(MOST_PAUSED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(self._prefixes):
            person = self._person(scope)
            if person is None:
                address = _address(scope)
                wait = self._by_address.take(address)
                if wait:
                    await self._refuse("requests_per_address", address, wait, send)
                    return
            else:
                wait = self._by_person.take(person, patience=PATIENCE)
                send = self._with_headers(person, send)
                if wait > PATIENCE:
                    await self._refuse("requests_per_person", person, wait, send)
                    return
                if wait:
                    REQUESTS_PACED.inc()
                    await asyncio.sleep(wait)
        await self._app(scope, receive, send)

    def _with_headers(self, person: Hashable, send: Send) -> Send:
        """Tell the person how much is left (draft-ietf-httpapi-ratelimit-headers-10)."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                tokens, seconds = self._by_person.left(person)
                state = f'"{POLICY}";r={tokens};t={seconds}'
                headers = [(b"ratelimit-policy", self._policy), (b"ratelimit", state.encode())]
                message["headers"] = [*message.get("headers", ()), *headers]
            await send(message)

        return sending

    def _person(self, scope: Scope) -> Hashable | None:
        for name, value in scope["headers"]:
            if name == b"authorization":
                return self._identify(value)
        return None

    async def _refuse(self, limit: str, key: Hashable, wait: float, send: Send) -> None:
        note_refusal(limit, key)
        with self._paused.hold(key) as has_room:
            if has_room:
                await asyncio.sleep(REFUSAL_PAUSE)
                wait -= REFUSAL_PAUSE
        await _answer(wait, send)


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return network_of(client[0]) if client else ""


_logged = RateLimit(per_minute=1, burst=1)


def note_refusal(limit: str, key: Hashable) -> None:
    """Count a refusal; written to the log once a minute for each key, or floods would fill it."""
    RATE_LIMITED.labels(limit).inc()
    if not _logged.take((limit, key)):
        log.warning("rate.limited", limit=limit, key=str(key))


async def _answer(wait: float, send: Send) -> None:
    refusal = RateLimited(wait)
    seconds = refusal.retry_after or 1
    body = _body(seconds)
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(seconds).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@lru_cache(256)
def _body(seconds: int) -> bytes:
    problem = Problem(
        title=RateLimited.title,
        status=RateLimited.status,
        code=RateLimited.code,
        parameters={"seconds": seconds},
    )
    return json.dumps(problem.model_dump(mode="json")).encode()
