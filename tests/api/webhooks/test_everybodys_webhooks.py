"""What operators see of everybody's webhooks, and what an inactive owner is sent: nothing."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import Response
from sqlalchemy import select, update
from tests.api.campus import Campus
from tests.api.webhooks.receiver import (
    Receiver,
    failed_once,
    hooked,
    make_due,
    receiving,
)
from tests.support.waiting import until

from mydocker_api.models import User, Webhook, WebhookDelivery
from mydocker_api.webhooks.fan_out import audience_now
from mydocker_kit.clock import utc_now
from mydocker_kit.postgres.db import transaction


@pytest.fixture
def changes() -> dict[str, Any]:
    return {"private_webhooks": "127.0.0.1/32"}


async def broken() -> Response:
    return Response(status_code=500)


async def test_operators_see_whose_webhooks_there_are_and_how_they_do(campus: Campus) -> None:
    operator, teacher = await campus.operator(), await campus.teacher()
    async with receiving() as receiver:
        webhook = await hooked(teacher, receiver, "course.changed")
        path = "/api/webhooks/everybody"
        assert await teacher.refused("GET", path) == (403, "operators_only")
        assert (await operator.get(f"{path}?search=nothing"))["items"] == []
        [entry] = (await operator.get(f"{path}?search=grace"))["items"]
        assert (entry["id"], entry["name"]) == (webhook["id"], "Dashboard")
        assert (entry["owner_id"], entry["owner_name"]) == (str(teacher.id), "Grace")
        assert entry["origin"] == receiver.address.removesuffix("/hook"), "a path may be a secret"
        assert "url" not in entry
        assert (entry["enabled"], entry["owner_is_inactive"]) == (True, False)
        receiver.answer = broken
        await teacher.post("/api/courses", {"title": "Lost"})
        await failed_once(teacher, webhook)
        [entry] = (await operator.get(path))["items"]
        assert entry["failing_since"] is not None
        assert entry["waiting"] == 1
        await nothing_is_sent_to_a_disabled_owner(campus, receiver, teacher.id)
        [entry] = (await operator.get(path))["items"]
        assert (entry["enabled"], entry["owner_is_inactive"]) == (True, True)
        assert entry["waiting"] == 0


async def nothing_is_sent_to_a_disabled_owner(campus: Campus, to: Receiver, owner: Any) -> None:
    async with transaction(campus.app.state.sessions) as db:
        await db.execute(update(User).where(User.id == owner).values(disabled_at=utc_now()))
    sent = len(to.got)
    await make_due(campus)

    async def is_dropped() -> bool:
        async with transaction(campus.app.state.sessions) as db:
            [delivery] = (await db.scalars(select(WebhookDelivery))).all()
            return bool(delivery.error == "not_visible")

    await until(is_dropped, "the delivery is dropped")
    assert len(to.got) == sent


async def test_a_service_account_nobody_answers_for_is_sent_nothing(campus: Campus) -> None:
    operator, other = await campus.operator(), await campus.operator("other")
    body = {"name": "SIS", "rights": ["create_courses"]}
    account = await operator.post("/api/service-accounts", body)
    async with transaction(campus.app.state.sessions) as db:
        row = Webhook(
            id=operator.id,
            owner_id=account["id"],
            name="SIS",
            url="https://sis.example/hook?key=secret",
            kinds=["course.changed"],
            created_at=utc_now() - timedelta(hours=1),
            sealed_secret="sealed",
        )
        db.add(row)
    [entry] = (await other.get("/api/webhooks/everybody"))["items"]
    assert (entry["origin"], entry["owner_is_inactive"]) == ("https://sis.example", False)
    async with transaction(campus.app.state.sessions) as db:
        assert await audience_now(db, row.owner_id) is not None
        await db.execute(update(User).where(User.id == operator.id).values(operator_since=None))
    [entry] = (await other.get("/api/webhooks/everybody"))["items"]
    assert entry["owner_is_inactive"] is True
    async with transaction(campus.app.state.sessions) as db:
        assert await audience_now(db, row.owner_id) is None
