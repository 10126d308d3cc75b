"""How often each page of a journey asks the platform, against a person's rate limit."""

import time
from bisect import bisect_left
from collections import defaultdict
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Request

from mydocker_api.settings import Settings

WINDOW_SECONDS = 60.0
TABS = 4
"""A person may keep this many busy tabs open without reaching the rate limit."""
BUDGET = Settings.model_fields["requests_per_minute"].default // TABS
"""Requests that one page may send within `WINDOW_SECONDS`."""


class RequestRate:
    """Counts the requests that pages send to the api and the gateway."""

    def __init__(self) -> None:
        self._sent: dict[Page, list[float]] = defaultdict(list)

    def watch(self, context: BrowserContext) -> None:
        context.on("request", self._count)

    def _count(self, request: Request) -> None:
        if urlsplit(request.url).path.startswith(("/api/", "/lti/tokens")):
            self._sent[request.frame.page].append(time.monotonic())

    def busiest(self) -> int:
        """The most requests of one page within any `WINDOW_SECONDS`."""
        return max((most_within(sent, WINDOW_SECONDS) for sent in self._sent.values()), default=0)


def most_within(moments: list[float], seconds: float) -> int:
    """The most of ascending `moments` that lie within one span of `seconds`."""
    return max(
        (last + 1 - bisect_left(moments, moment - seconds) for last, moment in enumerate(moments)),
        default=0,
    )
