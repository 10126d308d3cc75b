"""An integrator's server, and what tests of webhooks ask of it and of the delivery log."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from sqlalchemy import update
from tests.api.campus import Campus, Person
from tests.support.serving import serving
from tests.support.waiting import until

from mydocker_api.models import WebhookDelivery
from mydocker_kit.clock import utc_now
from mydocker_kit.postgres.db import transaction


@dataclass
class Receiver:
    """A server of an integrator: keeps what it gets, and answers as a test says."""

    address: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[], Awaitable[Response]] | None = None

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]

    def kinds(self) -> list[str]:
        return [message["type"] for message in self.messages]

    async def holds(self, count: int) -> None:
        await until(lambda: len(self.got) >= count, f"{count} messages")


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver, app = Receiver(), FastAPI()

    @app.post("/hook")
    async def take(request: Request) -> Response:
        receiver.got.append((dict(request.headers), await request.body()))
        return await receiver.answer() if receiver.answer else Response("thank you")

    async with serving(app) as address:
        receiver.address = f"{address}/hook"
        yield receiver


async def hooked(person: Person, receiver: Receiver, *kinds: str) -> dict[str, Any]:
    draft = {"name": "Dashboard", "url": receiver.address, "kinds": list(kinds)}
    webhook: dict[str, Any] = await person.post("/api/webhooks", draft)
    return webhook


def verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Standard Webhooks, as an integrator writes it: independent of the code under test."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [part.partition(",") for part in headers["webhook-signature"].split()]
    return any(version == "v1" and text == expected for version, _, text in given)


async def deliveries(person: Person, webhook: dict[str, Any]) -> list[dict[str, Any]]:
    page = await person.get(f"/api/webhooks/{webhook['id']}/deliveries")
    return list(page["items"])


async def settled(person: Person, webhook: dict[str, Any], state: str) -> dict[str, Any]:
    """The newest delivery, once it is in this state."""

    async def is_settled() -> dict[str, Any] | None:
        listed = await deliveries(person, webhook)
        return listed[0] if listed and listed[0]["state"] == state else None

    delivery: dict[str, Any] = await until(is_settled, f"the newest delivery is {state}")
    return delivery


async def failed_once(person: Person, webhook: dict[str, Any]) -> dict[str, Any]:
    async def tried() -> dict[str, Any] | None:
        listed = await deliveries(person, webhook)
        return listed[0] if listed and listed[0]["attempts"] >= 1 else None

    delivery: dict[str, Any] = await until(tried, "a failed attempt")
    return delivery


async def make_due(campus: Campus, **values: Any) -> None:
    """Move the moment of the next try to now, as the clock would."""
    async with transaction(campus.app.state.sessions) as db:
        moved = update(WebhookDelivery).values(next_try_at=utc_now(), **values)
        await db.execute(moved)
