"""Webhooks may reach the receiver of a test, on the loopback."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.api.webhooks.receiver import Receiver, receiving


@pytest.fixture
def changes() -> dict[str, Any]:
    return {
        "requests_per_minute": 1_000_000,
        "requests_per_address": 1_000_000,
        "private_webhooks": "127.0.0.1/32",
    }


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver
