"""Calls to platforms: https, five seconds, a bounded answer, no redirects."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

SECONDS = 5
MOST_BYTES = 256 * 1024


class PlatformAway(Exception):
    """The platform did not answer, or not within the limits."""


@dataclass(frozen=True)
class Answer:
    """What a platform answered, whatever its status."""

    status: int
    headers: httpx.Headers
    body: bytes

    def json(self) -> object:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise PlatformAway("no JSON") from error


class Outgoing:
    """The one door to other people's servers."""

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        # The system's certificate store: institutions add their own authorities there.
        self._http = httpx.AsyncClient(
            transport=transport,
            verify=ssl.create_default_context(),
            timeout=SECONDS,
            follow_redirects=False,
            trust_env=False,
        )

    async def get_json(self, url: str, *, allow_http: bool) -> object:
        """The JSON at `url`; `PlatformAway` says why there is none."""
        _check_scheme(url, allow_http=allow_http)
        try:
            async with asyncio.timeout(SECONDS), self._http.stream("GET", url) as response:
                if response.status_code != 200:
                    raise PlatformAway(f"status {response.status_code}")
                return json.loads(await _limited(response))
        except (httpx.HTTPError, TimeoutError) as error:
            raise PlatformAway(type(error).__name__) from error
        except (ValueError, RecursionError) as error:
            raise PlatformAway("no JSON") from error

    async def send(
        self,
        method: str,
        url: str,
        *,
        allow_http: bool,
        headers: Mapping[str, str],
        content: bytes | None = None,
    ) -> Answer:
        """One exchange; a redirect is an answer like any other and is not followed."""
        _check_scheme(url, allow_http=allow_http)
        call = self._http.stream(method, url, headers=headers, content=content)
        try:
            async with asyncio.timeout(SECONDS), call as response:
                return Answer(response.status_code, response.headers, await _limited(response))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise PlatformAway(type(error).__name__) from error

    async def aclose(self) -> None:
        await self._http.aclose()


def _check_scheme(url: str, *, allow_http: bool) -> None:
    if not url.startswith("https://") and not (allow_http and url.startswith("http://")):
        raise PlatformAway("not https")


async def _limited(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MOST_BYTES:
            raise PlatformAway("answer too large")
    return bytes(body)
