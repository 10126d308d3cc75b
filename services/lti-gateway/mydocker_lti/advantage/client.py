"""Calls to a platform's services: to its own hosts only, with a bearer, page by page."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..domain.service_urls import Media, Scope, links_of, origin_of
from ..http_client.client import Answer, Outgoing, PlatformAway
from ..models import Registration
from .access_tokens import PlatformTokens

MOST_PAGES = 200


class AddressForeign(PlatformAway):
    """A service address that is not on a host of its platform; no bearer goes there."""


@dataclass(frozen=True)
class Ask:
    """One call; `media` is the type of what is sent, or else of what is wished for."""

    url: str
    scope: Scope
    media: Media
    send: dict[str, Any] | None = None

    @property
    def headers(self) -> dict[str, str]:
        """A GET sends Accept only: Moodle and the certification suite refuse more."""
        if self.send is None:
            return {"Accept": self.media.value}
        return {"Content-Type": self.media.value, "Accept": "*/*"}


class PlatformCalls:
    """The services of every platform."""

    def __init__(self, outgoing: Outgoing, tokens: PlatformTokens) -> None:
        self._outgoing, self._tokens = outgoing, tokens

    async def send(self, registration: Registration, ask: Ask, now: datetime) -> Answer:
        """The platform's answer, one it will stand by; `PlatformAway` for all that may pass.

        A refused bearer is renewed once: Moodle kills bearers when a tool is set up again.
        """
        if origin_of(ask.url) not in _own_origins(registration):
            raise AddressForeign("the service is not on a host of its platform")
        token = await self._tokens.token(registration, ask.scope, now)
        answer = await self._once(registration, ask, token)
        if answer.status == 401:
            self._tokens.forget(registration, ask.scope, token)
            token = await self._tokens.token(registration, ask.scope, now)
            answer = await self._once(registration, ask, token)
        if answer.status in (401, 408, 425, 429) or answer.status >= 500:
            raise PlatformAway(f"status {answer.status}")
        if not 200 <= answer.status < 300 and answer.status < 400:
            raise PlatformAway(f"redirect {answer.status} not followed")
        return answer

    async def _once(self, registration: Registration, ask: Ask, token: str) -> Answer:
        return await self._outgoing.send(
            "GET" if ask.send is None else "POST",
            ask.url,
            allow_http=registration.allow_http,
            headers={**ask.headers, "Authorization": f"Bearer {token}"},
            content=None if ask.send is None else json.dumps(ask.send).encode(),
        )

    async def pages(
        self, registration: Registration, ask: Ask, now: datetime
    ) -> AsyncIterator[Answer]:
        """Answer after answer along `next`, staying on the first one's host, never in a circle."""
        home, seen, url = origin_of(ask.url), set[str](), ask.url
        while True:
            if url in seen or len(seen) >= MOST_PAGES:
                raise PlatformAway("pages without end")
            if origin_of(url) != home:
                raise AddressForeign("the next page is on another host")
            seen.add(url)
            answer = await self.send(registration, replace(ask, url=url), now)
            if answer.status != 200:
                raise PlatformAway(f"status {answer.status}")
            yield answer
            following = links_of(answer.headers.get("Link", "")).get("next")
            if following is None:
                return
            url = following


def _own_origins(registration: Registration) -> set[str | None]:
    """Where its pages, keys and tokens are: what an operator entered, nothing a launch says."""
    known = (*registration.origins, registration.token_url, registration.jwks_url)
    return {origin for url in known if (origin := origin_of(url))}
