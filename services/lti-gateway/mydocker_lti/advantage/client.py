"""Calls to LTI Advantage services: only to the platform's origins, with an access token, paged."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from mydocker_kit.outgoing.client import Answer, GuardedHttpClient, RemoteUnavailable

from ..domain.services.service_urls import Media, Scope, links_of, origin_of
from ..models import Registration
from .access_tokens import PlatformTokens

MAX_PAGES = 200


class ForeignAddress(RemoteUnavailable):
    """A service URL is not on an origin of its platform, so no token is sent there."""


@dataclass(frozen=True)
class ServiceRequest:
    """A request; `media` is the type of the body, or without a body the accepted type."""

    url: str
    scope: Scope
    media: Media
    send: dict[str, Any] | None = None

    @property
    def headers(self) -> dict[str, str]:
        """A GET sends only Accept: Moodle and the certification suite refuse Content-Type."""
        if self.send is None:
            return {"Accept": self.media.value}
        return {"Content-Type": self.media.value, "Accept": "*/*"}


class PlatformCalls:
    """Client for the services of all platforms."""

    def __init__(self, outgoing: GuardedHttpClient, tokens: PlatformTokens) -> None:
        self._outgoing, self._tokens = outgoing, tokens

    async def send(self, registration: Registration, ask: ServiceRequest, now: datetime) -> Answer:
        """The platform's final answer; `RemoteUnavailable` for failures that a retry may cure.

        A 401 renews the token once: Moodle revokes tokens when a tool is set up again.
        """
        if origin_of(ask.url) not in _own_origins(registration):
            raise ForeignAddress("the service is not on a host of its platform")
        token = await self._tokens.token(registration, ask.scope, now)
        answer = await self._send_once(registration, ask, token)
        if answer.status == 401:
            self._tokens.discard(registration, ask.scope, token)
            token = await self._tokens.token(registration, ask.scope, now)
            answer = await self._send_once(registration, ask, token)
        if answer.status in (401, 408, 425, 429) or answer.status >= 500:
            raise RemoteUnavailable(f"status {answer.status}")
        if not 200 <= answer.status < 300 and answer.status < 400:
            raise RemoteUnavailable(f"redirect {answer.status} not followed")
        return answer

    async def _send_once(
        self, registration: Registration, ask: ServiceRequest, token: str
    ) -> Answer:
        return await self._outgoing.send(
            "GET" if ask.send is None else "POST",
            ask.url,
            allow_http=registration.allow_http,
            headers={**ask.headers, "Authorization": f"Bearer {token}"},
            content=None if ask.send is None else json.dumps(ask.send).encode(),
        )

    async def pages(
        self, registration: Registration, ask: ServiceRequest, now: datetime
    ) -> AsyncIterator[Answer]:
        """All pages along `next` links, on the first page's origin only, each page once."""
        first_origin, seen, url = origin_of(ask.url), set[str](), ask.url
        while True:
            if url in seen or len(seen) >= MAX_PAGES:
                raise RemoteUnavailable("pages without end")
            if origin_of(url) != first_origin:
                raise ForeignAddress("the next page is on another host")
            seen.add(url)
            answer = await self.send(registration, replace(ask, url=url), now)
            if answer.status != 200:
                raise RemoteUnavailable(f"status {answer.status}")
            yield answer
            following = links_of(answer.headers.get("Link", "")).get("next")
            if following is None:
                return
            url = following


def _own_origins(registration: Registration) -> set[str | None]:
    """Origins from the registration (pages, keys, tokens), never from a launch."""
    known = (*registration.origins, registration.token_url, registration.jwks_url)
    return {origin for url in known if (origin := origin_of(url))}
