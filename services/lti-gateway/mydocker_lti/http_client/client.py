"""Calls to platforms: https, within reach, five seconds, a bounded answer, no redirects."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from ..domain.addresses import BarredAddress, address_flaw
from ..domain.reach import Reach
from .pinned_dns import AddressClosed, PinnedTransport

SECONDS = 5
MOST_BYTES = 256 * 1024
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_ :.-]{0,78}")


class PlatformAway(Exception):
    """The platform did not answer, or not within the limits."""


class AddressBarred(PlatformAway):
    """An address that is not one to call; its text is a code such as `address_private`."""

    def __init__(self, code: str, url: str) -> None:
        super().__init__(code)
        self.address = BarredAddress(code, url)


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

    def word(self) -> str | None:
        """A short plain word, as platforms say what is wrong; never a page, never more."""
        text = self.body[:80].decode("utf-8", "replace").strip()
        return text if _WORD.fullmatch(text) else None


class Outgoing:
    """The one door to other people's servers."""

    def __init__(self, reach: Reach, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._http = httpx.AsyncClient(
            transport=transport or PinnedTransport(reach),
            # What is not compressed cannot unfold into more than was counted.
            headers={"Accept-Encoding": "identity"},
            timeout=SECONDS,
            follow_redirects=False,
            trust_env=False,
        )

    async def get_json(self, url: str, *, allow_http: bool) -> object:
        """The JSON at `url`; `PlatformAway` says why there is none."""
        answer = await self.send("GET", url, allow_http=allow_http, headers={})
        if answer.status != 200:
            raise PlatformAway(f"status {answer.status}")
        return answer.json()

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
        _check(url, allow_http=allow_http)
        call = self._http.stream(method, url, headers=headers, content=content)
        try:
            async with asyncio.timeout(SECONDS), call as response:
                return Answer(response.status_code, response.headers, await _limited(response))
        except AddressClosed as error:
            raise AddressBarred("address_private", url) from error
        except httpx.InvalidURL as error:
            raise AddressBarred("address_unreadable", url) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise PlatformAway(type(error).__name__) from error

    async def post_json(self, url: str, body: object, *, allow_http: bool, bearer: str) -> Answer:
        """Send `body` in the name of whoever gave us `bearer`."""
        headers = {
            "Authorization": f"Bearer {bearer}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        content = json.dumps(body).encode()
        return await self.send("POST", url, allow_http=allow_http, headers=headers, content=content)

    async def aclose(self) -> None:
        await self._http.aclose()


def _check(url: str, *, allow_http: bool) -> None:
    """Rows and files say whether http may be; what they say of hosts was checked when written."""
    flaw = address_flaw(url, allow_http=allow_http)
    if flaw and not (allow_http and flaw.code == "address_not_https" and url.startswith("http://")):
        raise AddressBarred(flaw.code, url)


async def _limited(response: httpx.Response) -> bytes:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise PlatformAway("compressed answer")
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MOST_BYTES:
            raise PlatformAway("answer too large")
    return bytes(body)
