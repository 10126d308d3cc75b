"""Webhooks: a real receiver gets signed messages, in order, and only what their owner may see."""

import asyncio
import json
from datetime import timedelta
from functools import partial
from uuid import uuid4

from fastapi import Response
from sqlalchemy import select
from tests.api.campus import Campus, a_session
from tests.api.environments.windows import ready
from tests.api.webhooks.receiver import (
    Receiver,
    failed_once,
    hooked,
    make_due,
    receiving,
    settled,
    verified,
)
from tests.support.waiting import until

from mydocker_api.models import Webhook
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.contracts.gateway.platforms import PlatformChange
from mydocker_kit.postgres.db import transaction


async def test_a_receiver_gets_signed_changes_of_courses_and_sessions(
    campus: Campus, receiver: Receiver
) -> None:
    teacher = await campus.teacher()
    webhook = await hooked(teacher, receiver, "course.changed", "session.changed")
    assert webhook["secret"].startswith("whsec_")
    course = await teacher.post("/api/courses", {"title": "Databases"})
    await receiver.holds(1)
    headers, body = receiver.got[0]
    assert verified(webhook["secret"], headers, body)
    assert not verified(webhook["secret"], headers, body + b" ")
    message = json.loads(body)
    assert message["type"] == "course.changed"
    assert message["data"] == {
        "number": message["data"]["number"],
        "id": course["id"],
        "course_id": course["id"],
        "owner_id": str(teacher.id),
        "state": "draft",
    }
    session = await teacher.post(
        f"/api/courses/{course['id']}/sessions", a_session(timedelta(hours=1), timedelta(hours=1))
    )
    await teacher.delete(f"/api/sessions/{session['id']}")
    await receiver.holds(3)
    about = [(m["type"], m["data"]["id"], m["data"]["state"]) for m in receiver.messages[1:]]
    assert about == [
        ("session.changed", session["id"], "planned"),
        ("session.changed", session["id"], "deleted"),
    ]
    numbers = [message["data"]["number"] for message in receiver.messages]
    assert numbers == list(range(numbers[0], numbers[0] + 3)), "without gaps"
    entry = await settled(teacher, webhook, "delivered")
    assert (entry["status"], entry["excerpt"], entry["attempts"]) == (200, "thank you", 1)


async def test_a_secret_is_shown_once_and_sealed_at_rest(
    campus: Campus, receiver: Receiver
) -> None:
    teacher = await campus.teacher()
    webhook = await hooked(teacher, receiver, "course.changed")
    assert "secret" not in await teacher.get(f"/api/webhooks/{webhook['id']}")
    async with transaction(campus.app.state.sessions) as db:
        [row] = (await db.execute(select(Webhook.__table__))).mappings().all()
    assert webhook["secret"] not in repr(dict(row))
    renewed = await teacher.post(f"/api/webhooks/{webhook['id']}/secret")
    await teacher.post(f"/api/webhooks/{webhook['id']}/test")
    await receiver.holds(1)
    for secret in (webhook["secret"], renewed["secret"]):
        assert verified(secret, *receiver.got[0]), "both sign for a day"


def says_ready(receiver: Receiver) -> bool:
    return any(message["data"]["state"] == "ready" for message in receiver.messages)


async def test_owners_and_teachers_learn_of_environments(
    campus: Campus, receiver: Receiver
) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada, bob = await campus.student(course), await campus.student(course, "bob")
    kinds = ("environment.changed",)
    async with receiving() as to_ada, receiving() as to_bob:
        await hooked(teacher, receiver, *kinds)
        await hooked(ada, to_ada, *kinds)
        await hooked(bob, to_bob, *kinds)
        id = await ready(campus, ada, course)
        for got in (to_ada, receiver):
            await until(partial(says_ready, got))
            states = [message["data"]["state"] for message in got.messages]
            assert states == sorted(states, key=["queued", "starting", "ready"].index)
            assert {message["data"]["id"] for message in got.messages} == {str(id)}
        assert {m["data"]["owner_id"] for m in to_ada.messages} == {str(ada.id)}
        assert all("owner_id" not in m["data"] for m in receiver.messages), "not whose it is"
        assert to_bob.got == []


async def test_what_the_owner_may_not_see_any_more_is_dropped(
    campus: Campus, receiver: Receiver
) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    await campus.student(course)
    colleague = await campus.launch("alan", ContextRole.TEACHER, course=course)
    release = asyncio.Event()

    async def after_release() -> Response:
        await release.wait()
        return Response(status_code=500)

    receiver.answer = after_release
    webhook = await hooked(colleague, receiver, "session.changed")
    planned = a_session(timedelta(hours=1), timedelta(hours=1))
    await teacher.post(f"/api/courses/{course}/sessions", planned)
    await receiver.holds(1)
    release.set()
    await failed_once(colleague, webhook)
    await campus.launch("alan", ContextRole.NONE)  # no longer in the course space
    colleague = campus.people["alan"]
    await make_due(campus)
    entry = await settled(colleague, webhook, "dropped")
    assert entry["error"] == "not_visible"
    assert len(receiver.got) == 1


async def test_order_holds_per_resource_while_others_pass(
    campus: Campus, receiver: Receiver
) -> None:
    teacher = await campus.teacher()
    first = await teacher.post("/api/courses", {"title": "First"})
    webhook = await hooked(teacher, receiver, "course.changed")
    refuse = {first["id"]}

    async def by_course() -> Response:
        return Response(status_code=503 if receiver.messages[-1]["data"]["id"] in refuse else 204)

    receiver.answer = by_course
    path = f"/api/courses/{first['id']}"
    await teacher.put(path, {"title": "First, again"})
    await failed_once(teacher, webhook)
    await teacher.put(path, {"title": "First, for the third time"})
    second = await teacher.post("/api/courses", {"title": "Second"})
    await until(lambda: second["id"] in [m["data"]["id"] for m in receiver.messages])
    assert [m["data"]["id"] for m in receiver.messages].count(first["id"]) == 1, "it waits"
    refuse.clear()
    await make_due(campus)
    await receiver.holds(4)
    of_first = [m["data"]["number"] for m in receiver.messages if m["data"]["id"] == first["id"]]
    assert of_first == [of_first[0], of_first[0], of_first[0] + 1]
    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert len(set(ids)) == 3, "a repetition has the same id"


async def test_changes_survive_a_webhook_that_is_disabled_by_its_owner(
    campus: Campus, receiver: Receiver
) -> None:
    teacher = await campus.teacher()
    webhook = await hooked(teacher, receiver, "course.changed")
    path = f"/api/webhooks/{webhook['id']}"
    draft = {"name": "x", "url": receiver.address, "kinds": ["course.changed"]}
    await teacher.put(path, {**draft, "enabled": False})
    await teacher.post("/api/courses", {"title": "Unseen"})
    await teacher.put(path, draft)
    await teacher.post("/api/courses", {"title": "Seen"})
    await receiver.holds(1)
    await settled(teacher, webhook, "delivered")
    assert len(receiver.got) == 1


async def test_operators_learn_of_platforms(campus: Campus, receiver: Receiver) -> None:
    operator, teacher = await campus.operator(), await campus.teacher()
    async with receiving() as to_teacher:
        await hooked(operator, receiver, "platform.changed")
        await hooked(teacher, to_teacher, "platform.changed", "course.changed")
        now, platform = utc_now(), uuid4()
        campus.gateway.platform_changes = [
            PlatformChange(
                number=1, platform_id=platform, kind="added", happened_at=now - timedelta(days=9)
            ),
            PlatformChange(number=2, platform_id=platform, kind="approved", happened_at=now),
        ]
        await receiver.holds(1)
        assert receiver.messages[0]["data"]["id"] == str(platform)
        assert receiver.messages[0]["data"]["state"] == "approved"
        await teacher.post("/api/courses", {"title": "Databases"})
        await to_teacher.holds(1)
        assert to_teacher.kinds() == ["course.changed"]
    assert len(receiver.got) == 1, "what happened before the log began is not in it"
