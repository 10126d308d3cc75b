"""HTTP client for servers of others: SSRF guard, timeout, bounded answers, no redirects."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from .addresses import ForbiddenAddress, address_flaw
from .pinned_dns import AddressNotAllowed, PinnedTransport
from .reach import Reach

SECONDS = 5
MAX_ANSWER_BYTES = 256 * 1024
_ERROR_TEXT = re.compile(r"[A-Za-z][A-Za-z0-9_ :.-]{0,78}")


class RemoteUnavailable(Exception):
    """The server did not answer within the limits; the text says why."""


class AddressForbidden(RemoteUnavailable):
    """An address that may not be called; the text is a code such as `address_private`."""

    def __init__(self, code: str, url: str) -> None:
        super().__init__(code)
        self.address = ForbiddenAddress(code, url)


@dataclass(frozen=True)
class Answer:
    """The HTTP answer of a server, whatever its status."""

    status: int
    headers: httpx.Headers
    body: bytes

    def json(self) -> object:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise RemoteUnavailable("no JSON") from error

    def error_text(self) -> str | None:
        """The body if it is a short plain error text; None for a page or anything longer."""
        text = self.body[:80].decode("utf-8", "replace").strip()
        return text if _ERROR_TEXT.fullmatch(text) else None


class GuardedHttpClient:
    """HTTP client for servers of others; all calls to them go through it."""

    def __init__(
        self,
        reach: Reach,
        transport: httpx.AsyncBaseTransport | None = None,
        seconds: float | None = None,
    ) -> None:
        """`seconds` bound a whole call, the answer included; `SECONDS` without it."""
        self._seconds = seconds or SECONDS
        self._http = httpx.AsyncClient(
            transport=transport or PinnedTransport(reach),
            # Without compression the size limit also bounds memory.
            headers={"Accept-Encoding": "identity"},
            timeout=self._seconds,
            follow_redirects=False,
            trust_env=False,
        )

    async def get_json(self, url: str, *, allow_http: bool) -> object:
        """The JSON at `url`; `RemoteUnavailable` says why there is none."""
        answer = await self.send("GET", url, allow_http=allow_http, headers={})
        if answer.status != 200:
            raise RemoteUnavailable(f"status {answer.status}")
        return answer.json()

    async def send(
        self,
        method: str,
        url: str,
        *,
        allow_http: bool,
        headers: Mapping[str, str],
        content: bytes | None = None,
        excerpt: int | None = None,
    ) -> Answer:
        """One request; a redirect is returned, not followed.

        `excerpt`: only the first bytes of the body matter; a larger or compressed one is no error.
        """
        _check(url, allow_http=allow_http)
        call = self._http.stream(method, url, headers=headers, content=content)
        try:
            async with asyncio.timeout(self._seconds), call as response:
                body = await (
                    _read_start(response, excerpt) if excerpt else _read_bounded(response)
                )
                return Answer(response.status_code, response.headers, body)
        except AddressNotAllowed as error:
            raise AddressForbidden("address_private", url) from error
        except httpx.InvalidURL as error:
            raise AddressForbidden("address_unreadable", url) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise RemoteUnavailable(type(error).__name__) from error

    async def post_json(self, url: str, body: object, *, allow_http: bool, bearer: str) -> Answer:
        """POST `body` as JSON with the access token `bearer`."""
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
    """`allow_http` comes from a stored platform or provider, whose host was checked before."""
    flaw = address_flaw(url, allow_http=allow_http)
    if flaw and not (allow_http and flaw.code == "address_not_https" and url.startswith("http://")):
        raise AddressForbidden(flaw.code, url)


async def _read_bounded(response: httpx.Response) -> bytes:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RemoteUnavailable("compressed answer")
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise RemoteUnavailable("answer too large")
    return bytes(body)


async def _read_start(response: httpx.Response, most: int) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) >= most:
            break
    return bytes(body[:most])
