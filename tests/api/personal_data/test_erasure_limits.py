"""Erasing somebody leaves everybody else's data alone, and everything of theirs goes."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from tests.api.campus import Campus, Person
from tests.api.retention.courses import folder, run_retention, worked

from mydocker_api.models import (
    Environment,
    ExtraTimeGrant,
    FolderErasure,
    RoomMessage,
    Submission,
    User,
)
from mydocker_api.models.work_files import ErasureCause
from mydocker_api.retention import queries as retained
from mydocker_kit.clock import utc_now
from mydocker_kit.postgres.db import transaction

REQUEST = "/api/my-data/erasure-request"


async def erased(campus: Campus, operator: Person, person: Person) -> None:
    """The person asks, and the operator carries it out."""
    answer = await person.http.put(REQUEST, json={"words": "please"})
    assert answer.is_success, answer.text
    entries = (await operator.get("/api/erasure-requests?state=open"))["items"]
    [entry] = [entry for entry in entries if entry["user_id"] == str(person.id)]
    await operator.post(f"/api/erasure-requests/{entry['id']}/carry-out")


async def test_nothing_of_anybody_else_goes(campus: Campus) -> None:
    teacher, operator = await campus.teacher(), await campus.operator()
    course = await campus.course(teacher, submissions={"allowed": True})
    ada, bob = await worked(campus, course), await worked(campus, course, "bob")
    await bob.post(f"/api/courses/{course}/submissions")
    for person in (ada, bob):
        grant = {"user_id": str(person.id), "percent": 25}
        await teacher.post(f"/api/courses/{course}/extra-time", grant)
    async with transaction(campus.services.sessions) as db:
        for to in (ada, bob):
            for by in (teacher, ada):
                row = RoomMessage(id=uuid4(), course_id=UUID(course), user_id=to.id)
                row.sender_id, row.text, row.sent_at = by.id, "Save your work", utc_now()
                db.add(row)
    before = (await bob.get("/api/my-data"))["sections"]
    work = folder(campus, course, bob)
    await erased(campus, operator, ada)
    assert (work / "notes.txt").read_text() == "by bob"
    assert (await bob.get("/api/my-data"))["sections"] == before
    async with transaction(campus.services.sessions) as db:
        for table in (ExtraTimeGrant, RoomMessage, Submission):
            owners = set(await db.scalars(select(table.user_id)))
            assert owners == {bob.id}, table
        user = await db.get_one(User, ada.id)
        assert (user.name, user.email, user.locale) == (None, None, None)
        assert user.subject == str(ada.id)


async def test_a_postponed_end_of_the_course_does_not_keep_the_folder(campus: Campus) -> None:
    """The Course's end asked for the folder first, and was postponed: the person's wish holds."""
    teacher, operator = await campus.teacher(), await campus.operator()
    course = await campus.course(teacher)
    ada = await worked(campus, course)
    work = folder(campus, course, ada)
    async with transaction(campus.services.sessions) as db:
        [owned] = await retained.kept_folders(db, Environment.user_id == ada.id)
        values = {"volume": owned.volume, "course_id": owned.course_id, "course_title": "Ada's"}
        assert await retained.ask(db, values, ErasureCause.RETENTION, utc_now())
    campus.orchestrator.files.away = True
    await erased(campus, operator, ada)
    async with transaction(campus.services.sessions) as db:
        [row] = await db.scalars(select(FolderErasure))
    assert (row.cause, row.asked_by) == (ErasureCause.PERSON, operator.id)
    campus.orchestrator.files.away = False
    await run_retention(campus, timedelta(hours=1))
    assert not work.exists()


async def test_accounts_merged_into_it_go_too(campus: Campus) -> None:
    teacher, operator = await campus.teacher(), await campus.operator()
    course = await campus.course(teacher)
    ada, other = await worked(campus, course), await worked(campus, course, "lovelace")
    work = folder(campus, course, other)
    async with transaction(campus.services.sessions) as db:
        of_other = update(User).where(User.id == other.id)
        await db.execute(of_other.values(joined_to_id=ada.id))
    shown = await ada.get("/api/my-data")
    counts = {section["section"]: section["count"] for section in shown["sections"]}
    assert counts["environments"] == 2
    await erased(campus, operator, ada)
    assert not work.exists()
    async with transaction(campus.services.sessions) as db:
        named = await db.scalar(
            select(func.count()).where(User.id.in_([ada.id, other.id]), User.name.is_not(None))
        )
    assert named == 0


async def test_free_text_of_earlier_requests_goes(campus: Campus) -> None:
    operator = await campus.operator()
    ada = await campus.launch("ada", name="Ada")
    await ada.http.put(REQUEST, json={"words": "My private reason"})
    [entry] = (await operator.get("/api/erasure-requests"))["items"]
    await operator.post(
        f"/api/erasure-requests/{entry['id']}/refuse", {"answer": "Ada, not before the exam."}
    )
    await erased(campus, operator, ada)
    listed = json.dumps(await operator.get("/api/erasure-requests"))
    assert "private" not in listed
    assert "Ada" not in listed
