"""A receiver that fails is tried again, then disabled; it slows no other."""

import asyncio
from datetime import timedelta

from fastapi import Response
from sqlalchemy import update
from tests.api.campus import Campus
from tests.api.webhooks.receiver import (
    Receiver,
    failed_once,
    hooked,
    make_due,
    receiving,
    settled,
)

from mydocker_api.models import Webhook
from mydocker_kit.clock import utc_now
from mydocker_kit.postgres.db import transaction


async def test_a_slow_receiver_slows_nobody(campus: Campus, receiver: Receiver) -> None:
    teacher, other = await campus.teacher(), await campus.teacher("hopper")
    release = asyncio.Event()

    async def never() -> Response:
        await release.wait()
        return Response()

    receiver.answer = never
    await hooked(teacher, receiver, "course.changed")
    for number in range(12):
        await teacher.post("/api/courses", {"title": f"Course {number}"})
    await receiver.holds(4)
    async with receiving() as quick:
        await hooked(other, quick, "course.changed")
        await other.post("/api/courses", {"title": "Quick"})
        await quick.holds(1)
    assert len(receiver.got) == 4, "no more than four at the same time"
    release.set()
    await receiver.holds(12)


async def test_failures_are_tried_again_and_given_up_after_a_day(
    campus: Campus, receiver: Receiver
) -> None:
    teacher = await campus.teacher()
    webhook = await hooked(teacher, receiver, "course.changed")

    async def broken() -> Response:
        return Response("no\x00space\nleft" + "!" * 600, status_code=507)

    receiver.answer = broken
    await teacher.post(f"/api/webhooks/{webhook['id']}/test")
    entry = await failed_once(teacher, webhook)
    assert (entry["state"], entry["status"]) == ("waiting", 507)
    assert entry["excerpt"].startswith("nospace\nleft!")
    assert len(entry["excerpt"]) == 500
    assert entry["next_try_at"] > entry["tried_at"]
    shown = await teacher.get(f"/api/webhooks/{webhook['id']}")
    assert shown["failing_since"] is not None
    await make_due(campus, due_since=utc_now() - timedelta(days=1))
    assert (await settled(teacher, webhook, "failed"))["attempts"] == 2
    receiver.answer = None
    path = f"/api/webhooks/{webhook['id']}/deliveries/{entry['id']}/replay"
    await teacher.post(path)
    assert (await settled(teacher, webhook, "delivered"))["id"] == entry["id"]
    assert (await teacher.get(f"/api/webhooks/{webhook['id']}"))["failing_since"] is None


async def test_prolonged_failure_disables_with_a_notice(campus: Campus, receiver: Receiver) -> None:
    teacher = await campus.teacher()
    webhook = await hooked(teacher, receiver, "course.changed")

    async def broken() -> Response:
        return Response(status_code=500)

    receiver.answer = broken
    await teacher.post("/api/courses", {"title": "Lost"})
    await failed_once(teacher, webhook)
    async with transaction(campus.app.state.sessions) as db:
        await db.execute(update(Webhook).values(failing_since=utc_now() - timedelta(days=3)))
    await make_due(campus)
    assert (await settled(teacher, webhook, "dropped"))["error"] == "webhook_disabled"
    shown = await teacher.get(f"/api/webhooks/{webhook['id']}")
    assert (shown["enabled"], shown["disabled_because"]) == (False, "failing")
    path = f"/api/webhooks/{webhook['id']}"
    assert await teacher.refused("POST", f"{path}/test") == (409, "webhook_disabled")
    receiver.answer = None
    draft = {"name": "Again", "url": receiver.address, "kinds": ["course.changed"]}
    assert (await teacher.put(path, draft))["enabled"] is True
    await teacher.post("/api/courses", {"title": "Found"})
    await settled(teacher, webhook, "delivered")


async def test_a_receiver_that_is_gone_is_disabled_at_once(
    campus: Campus, receiver: Receiver
) -> None:
    teacher = await campus.teacher()
    webhook = await hooked(teacher, receiver, "course.changed")

    async def gone() -> Response:
        return Response(status_code=410)

    receiver.answer = gone
    await teacher.post(f"/api/webhooks/{webhook['id']}/test")
    await settled(teacher, webhook, "dropped")
    shown = await teacher.get(f"/api/webhooks/{webhook['id']}")
    assert shown["disabled_because"] == "gone"


async def test_a_redirect_is_not_followed(campus: Campus, receiver: Receiver) -> None:
    teacher = await campus.teacher()
    webhook = await hooked(teacher, receiver, "course.changed")

    async def elsewhere() -> Response:
        return Response(status_code=307, headers={"Location": "http://169.254.169.254/"})

    receiver.answer = elsewhere
    await teacher.post(f"/api/webhooks/{webhook['id']}/test")
    entry = await failed_once(teacher, webhook)
    assert (entry["state"], entry["status"], entry["error"]) == ("waiting", 307, None)
    assert len(receiver.got) == 1


async def test_a_receiver_that_refuses_connections(campus: Campus) -> None:
    teacher = await campus.teacher()
    async with receiving() as gone:
        pass
    webhook = await hooked(teacher, gone, "course.changed")
    await teacher.post(f"/api/webhooks/{webhook['id']}/test")
    entry = await failed_once(teacher, webhook)
    assert (entry["status"], entry["error"]) == (None, "unreachable")
