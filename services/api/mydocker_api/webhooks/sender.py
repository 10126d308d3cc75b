"""Sends one message: signs it, posts it through the SSRF guard, and reads how it was answered."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from mydocker_kit.contracts.values import clean_text
from mydocker_kit.http import retry_after_seconds
from mydocker_kit.outgoing.client import AddressForbidden, GuardedHttpClient, RemoteUnavailable
from mydocker_kit.outgoing.pinned_dns import PinnedTransport
from mydocker_kit.outgoing.reach import Reach
from mydocker_kit.version import VERSION

from ..domain.webhooks import retries, signing

SECONDS = 10.0
"""For a whole attempt, the answer included."""
EXCERPT = 500
"""Characters of an answer that are kept."""
_EXCERPT_BYTES = 2000
_HEADERS = {"Content-Type": "application/json", "User-Agent": f"MyDocker-Webhooks/{VERSION}"}


@dataclass(frozen=True)
class Message:
    """What is sent in one attempt."""

    id: str
    url: str
    secrets: Sequence[str]
    """The current one first."""
    body: bytes


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: an answer's status and excerpt, or an error code."""

    took_ms: int
    status: int | None = None
    excerpt: str | None = None
    error: str | None = None
    retry_after: int | None = None
    """Seconds, as the receiver asked."""

    @property
    def is_accepted(self) -> bool:
        return self.status is not None and retries.is_accepted(self.status)


class Sender:
    """Posts messages; it keeps connections and knows no table."""

    def __init__(self, reach: Reach, transport: PinnedTransport | None = None) -> None:
        # How many run at the same time is bounded for each webhook: a common bound would let slow
        # receivers use it up.
        pinned = transport or PinnedTransport(reach, connections=None)
        self._reach, self._http = reach, GuardedHttpClient(reach, pinned, SECONDS)

    async def send(self, message: Message, timestamp: int) -> Outcome:
        """One attempt; never raises for what a receiver does. A redirect is not followed."""
        began = time.monotonic()

        def took() -> int:
            return round((time.monotonic() - began) * 1000)

        signed = signing.headers(message.secrets, message.id, timestamp, message.body)
        try:
            answer = await self._http.send(
                "POST",
                message.url,
                allow_http=may_be_http(message.url, self._reach),
                headers={**_HEADERS, **signed},
                content=message.body,
                excerpt=_EXCERPT_BYTES,
            )
        except AddressForbidden as error:
            return Outcome(took(), error=error.address.code)
        except RemoteUnavailable as error:
            return Outcome(took(), error="timeout" if "Timeout" in str(error) else "unreachable")
        return Outcome(
            took(),
            status=answer.status,
            excerpt=_excerpt(answer.body, answer.headers.get("Content-Encoding", "identity")),
            retry_after=retry_after_seconds(answer.headers.get("Retry-After")),
        )

    async def aclose(self) -> None:
        await self._http.aclose()


def may_be_http(url: str, reach: Reach) -> bool:
    """Whether an operator named this host, so that plain http is possible on this machine."""
    parts = urlsplit(url)
    return reach.names(parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443))


def _excerpt(body: bytes, encoding: str) -> str:
    if encoding.lower() != "identity":
        return ""
    return clean_text(body.decode("utf-8", "replace"))[:EXCERPT]
