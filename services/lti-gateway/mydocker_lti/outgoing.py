"""Calls to platforms: https, five seconds, a bounded answer, no redirects."""

import asyncio
import json
import ssl

import httpx

SECONDS = 5
MOST_BYTES = 256 * 1024


class PlatformAway(Exception):
    """The platform did not answer, or not within the limits."""


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
        if not url.startswith("https://") and not (allow_http and url.startswith("http://")):
            raise PlatformAway("not https")
        try:
            async with asyncio.timeout(SECONDS), self._http.stream("GET", url) as response:
                if response.status_code != 200:
                    raise PlatformAway(f"status {response.status_code}")
                return json.loads(await _limited(response))
        except (httpx.HTTPError, TimeoutError) as error:
            raise PlatformAway(type(error).__name__) from error
        except (ValueError, RecursionError) as error:
            raise PlatformAway("no JSON") from error

    async def aclose(self) -> None:
        await self._http.aclose()


async def _limited(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MOST_BYTES:
            raise PlatformAway("answer too large")
    return bytes(body)
