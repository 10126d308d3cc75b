"""Refuses floods of requests before anything else is done for them.

A request of somebody known is counted for that person; every other one (no token, or one that has
not been verified yet) for its address. A campus may sit behind a single address, so those limits
are far apart. Refused are a header scan, a dictionary and an answer made beforehand: a flood must
not cost others their time. The address is the one that the edge names; nobody else is believed
(`ProgramSettings.trusted_proxies`).
"""

import json
from collections.abc import Callable, Hashable
from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send

from .logging import get_logger
from .metrics import RATE_LIMITED
from .problems import MEDIA_TYPE, Problem
from .rate_limits import RateLimit, RateLimited, network_of

log = get_logger()
Identify = Callable[[bytes], Hashable | None]
"""Who a verified `Authorization` header belongs to; None for any other."""


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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(self._prefixes):
            wait, limit, key = self._take(scope)
            if wait:
                note_refusal(limit, key)
                await _refuse(wait, send)
                return
        await self._app(scope, receive, send)

    def _take(self, scope: Scope) -> tuple[float, str, Hashable]:
        for name, value in scope["headers"]:
            if name == b"authorization":
                person = self._identify(value)
                if person is not None:
                    return self._by_person.take(person), "requests_per_person", person
                break
        client = scope.get("client")
        address = network_of(client[0]) if client else ""
        return self._by_address.take(address), "requests_per_address", address


_logged = RateLimit(per_minute=1, burst=1)


def note_refusal(limit: str, key: Hashable) -> None:
    """Count a refusal; written to the log once a minute for each key, or floods would fill it."""
    RATE_LIMITED.labels(limit).inc()
    if not _logged.take((limit, key)):
        log.warning("rate.limited", limit=limit, key=str(key))


async def _refuse(wait: float, send: Send) -> None:
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
