"""Chromium with different cookie settings, each in its own profile."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, async_playwright

from tests.support.browsers import CHROMIUM, QUIET, THIRD_PARTY_COOKIES_BLOCKED

# All servers are on loopback; pages of fictional public hosts need to reach them.
_ONE_NETWORK = "--disable-features=LocalNetworkAccessChecks"
_ASK, _BLOCK = 1, 2


class Cookies(Enum):
    """The browser's setting for cookies of framed cross-site pages."""

    BLOCKED = "third-party cookies blocked"
    ALLOWED = "third-party cookies allowed"
    REFUSED = "every cookie of the tool refused"


def _preferences(cookies: Cookies, tool: str) -> dict[str, Any]:
    """The profile's preferences for this setting."""
    blocks = cookies is not Cookies.ALLOWED
    profile: dict[str, Any] = {
        "block_third_party_cookies": blocks,
        "cookie_controls_mode": 1 if blocks else 0,
    }
    if cookies is Cookies.REFUSED:
        rule = {f"{tool},*": {"setting": _BLOCK}}
        profile["content_settings"] = {"exceptions": {"cookies": rule}}
    return {"profile": profile}


def _arguments(cookies: Cookies) -> list[str]:
    blocks = [THIRD_PARTY_COOKIES_BLOCKED] if cookies is Cookies.BLOCKED else []
    return [*QUIET, _ONE_NETWORK, *blocks]


@asynccontextmanager
async def chromium(cookies: Cookies, tool: str, folder: Path) -> AsyncIterator[BrowserContext]:
    """A browser whose profile is in `folder`; `tool` is our origin."""
    (folder / "Default").mkdir(parents=True)
    preferences = json.dumps(_preferences(cookies, tool))
    (folder / "Default" / "Preferences").write_text(preferences, "utf-8")
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            folder, executable_path=CHROMIUM, args=_arguments(cookies), locale="en-GB"
        )
        context.set_default_timeout(100_000)
        yield context
        await context.close()
