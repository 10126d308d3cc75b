"""Calls between services: signed, timed out, retried with jitter, one request id through all."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import structlog

from .clock import Clock
from .errors import (
    Conflict,
    EditedMeanwhile,
    Forbidden,
    Invalid,
    NotFound,
    ProblemError,
    TooMany,
    Unavailable,
)
from .outgoing.certificates import trusted_certificates
from .problems import MEDIA_TYPE, FieldProblem
from .tokens import ServiceIdentity

REQUEST_ID = "X-Request-Id"
TIMEOUT = httpx.Timeout(10.0, connect=2.0)
_RETRIED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.RemoteProtocolError, httpx.ReadError)
RELAYED: Mapping[int, type[ProblemError]] = {
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: EditedMeanwhile,
    422: Invalid,
    429: TooMany,
    503: Unavailable,
}
"""Refusals of another service that this one passes on, by their status."""


class _ServiceAuth(httpx.Auth):
    def __init__(self, identity: ServiceIdentity, audience: str, clock: Clock) -> None:
        self._identity, self._audience, self._clock = identity, audience, clock

    def auth_flow(self, request: httpx.Request) -> Any:
        token = self._identity.token_for(self._audience, self._clock())
        request.headers["Authorization"] = f"Bearer {token}"
        request_id = structlog.contextvars.get_contextvars().get("request_id")
        if request_id:
            request.headers[REQUEST_ID] = request_id
        yield request


class ServiceClient:
    """One other service, as seen from here. Only repeatable calls go through `call`."""

    def __init__(
        self,
        base_url: str,
        audience: str,
        identity: ServiceIdentity,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.audience = audience
        self.http = httpx.AsyncClient(
            base_url=base_url,
            verify=trusted_certificates(),
            auth=_ServiceAuth(identity, audience, clock),
            timeout=TIMEOUT,
            transport=transport,
            limits=httpx.Limits(max_connections=200, max_keepalive_connections=50),
            trust_env=False,
        )

    async def call(
        self, method: str, path: str, *, tries: int = 3, **kwargs: Any
    ) -> httpx.Response:
        """A repeatable call.

        Raises the problem the other service answered, also one of 503 (`swarm_unavailable`, say)
        that is still there after `tries` attempts; a plain `Unavailable` when none answers.
        """
        for attempt in range(1, tries + 1):
            try:
                response = await self.http.request(method, path, **kwargs)
                if response.status_code not in (502, 503, 504):
                    break
            except _RETRIED as error:
                if attempt == tries:
                    raise self._away(type(error).__name__) from error
            except httpx.HTTPError as error:
                raise self._away(type(error).__name__) from error
            if attempt < tries:
                await asyncio.sleep(0.05 * 2**attempt * (0.5 + random.random()))
        if response.is_success:
            return response
        raise _problem_of(response) or self._away(str(response.status_code))

    async def download(self, path: str, **kwargs: Any) -> AsyncIterator[bytes]:
        """The body of an answer as it comes; `Unavailable` when it breaks off."""
        async for data in self._stream("GET", path, **kwargs):
            yield data

    async def download_asked(self, path: str, **kwargs: Any) -> AsyncIterator[bytes]:
        """The same for a question with a body: POST."""
        async for data in self._stream("POST", path, **kwargs):
            yield data

    async def _stream(self, method: str, path: str, **kwargs: Any) -> AsyncIterator[bytes]:
        try:
            async with self.http.stream(method, path, **kwargs) as response:
                if not response.is_success:
                    await response.aread()
                    raise _problem_of(response) or self._away(str(response.status_code))
                async for data in response.aiter_bytes():
                    yield data
        except httpx.HTTPError as error:
            raise self._away(type(error).__name__) from error

    def _away(self, why: str) -> Unavailable:
        return Unavailable(f"{self.audience} does not answer ({why})")

    async def aclose(self) -> None:
        await self.http.aclose()


def retry_after_seconds(text: str | None) -> int | None:
    """Seconds of a `Retry-After` header; None for a date, nonsense or more than a day or so."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else None


def _problem_of(response: httpx.Response) -> ProblemError | None:
    kind = RELAYED.get(response.status_code)
    if kind is None:
        return None
    if response.status_code >= 500 and not _is_problem(response):
        return None  # said by something between us, or by a server that is on its way up or down
    try:
        body = response.json()
        error = kind(str(body.get("detail", "")), **body.get("parameters", {}))
        error.code = str(body.get("code", kind.code))
        error.title = str(body.get("title", kind.title))
        error.retry_after = (
            retry_after_seconds(response.headers.get("Retry-After")) or kind.retry_after
        )
        error.fields = [FieldProblem.model_validate(field) for field in body.get("fields", [])]
    except (ValueError, AttributeError, TypeError):
        error = kind()
    return error


def _is_problem(response: httpx.Response) -> bool:
    media_type: str = response.headers.get("Content-Type", "")
    return media_type.partition(";")[0].strip() == MEDIA_TYPE
