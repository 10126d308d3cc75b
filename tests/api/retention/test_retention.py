"""The life of work folders: notices, postponing, erasure, and what never erases anything."""

import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update
from tests.api.campus import Campus, a_session
from tests.api.environments.windows import ready
from tests.api.retention.courses import (
    archived_since,
    folder,
    folders_of,
    run_retention,
    worked,
)

from mydocker_api.models import Environment
from mydocker_kit.clock import utc_now
from mydocker_kit.postgres.db import transaction

MONTH = timedelta(days=30, minutes=1)
KEEP = "/api/courses/{}/folders/keep"


async def test_a_notice_is_shown_before_folders_are_erased(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher, submissions={"allowed": True})
    ada = await worked(campus, course)
    work = folder(campus, course, ada)
    await archived_since(campus, course, teacher, days=59)
    await run_retention(campus)
    assert (await folders_of(teacher, course))["notice"] == "none"

    await archived_since(campus, course, teacher, days=400)
    await run_retention(campus)
    shown = await folders_of(teacher, course)
    assert (shown["notice"], shown["folders"], shown["people"]) == ("first", 1, 1)
    assert shown["can"] == ["postpone"]
    [mine] = (await ada.get("/api/my-folders"))["items"]
    assert (mine["notice"], mine["erase_at"]) == ("first", shown["erase_at"])
    await run_retention(campus, timedelta(days=29))
    assert work.is_dir(), "not before the notice was there for 30 days"
    await run_retention(campus, MONTH)
    assert not work.exists()
    assert (await ada.get("/api/my-folders"))["items"] == []
    shown = await folders_of(teacher, course)
    assert (shown["folders"], shown["notice"]) == (0, "first")
    await run_retention(campus, MONTH)
    assert campus.orchestrator.erased == [work.name], "repeating erases nothing twice"


async def test_submissions_go_with_their_folder(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher, submissions={"allowed": True})
    ada = await worked(campus, course)
    await ada.post(f"/api/courses/{course}/submissions")
    await archived_since(campus, course, teacher, days=400)
    await run_retention(campus)
    await run_retention(campus, MONTH)
    listed = await teacher.get(f"/api/courses/{course}/submissions")
    assert [row["submission"] for row in listed["items"]] == [None]
    assert campus.orchestrator.files.snapshots == {}


async def test_a_teacher_or_an_operator_postpones(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await worked(campus, course)
    await archived_since(campus, course, teacher, days=400)
    await run_retention(campus)
    until = utc_now() + timedelta(days=100)
    shown = await teacher.put(KEEP.format(course), {"until": until.isoformat()})
    assert shown["notice"] == "none"
    await run_retention(campus, MONTH)
    assert folder(campus, course, ada).joinpath("notes.txt").is_file()
    await run_retention(campus, timedelta(days=71))
    await run_retention(campus, timedelta(days=99))
    assert folder(campus, course, ada).joinpath("notes.txt").is_file(), "told anew before it"

    operator = await campus.operator()
    assert (await operator.put(KEEP.format(course), {"until": None}))["keep_until"] is None
    bad = [
        {"until": (utc_now() - timedelta(days=1)).isoformat()},
        {"until": (utc_now() + timedelta(days=400)).isoformat()},
    ]
    for body in bad:
        assert await teacher.refused("PUT", KEEP.format(course), body) == (409, "keep_too_long")
    assert (await teacher.refused("PUT", KEEP.format(course), {"until": "never"}))[0] == 422
    assert (await teacher.refused("PUT", KEEP.format(course), {}))[0] == 422
    later = {"until": until.isoformat()}
    assert await ada.refused("PUT", KEEP.format(course), later) == (404, "not_found")
    assert await ada.refused("GET", f"/api/courses/{course}/folders") == (404, "not_found")


async def test_a_machine_that_is_away_is_asked_again(campus: Campus) -> None:
    teacher, operator = await campus.teacher(), await campus.operator()
    course = await campus.course(teacher)
    ada = await worked(campus, course)
    work = folder(campus, course, ada)
    await archived_since(campus, course, teacher, days=400)
    await run_retention(campus)
    campus.orchestrator.mounted.add(work.name)
    await run_retention(campus, MONTH)
    [row] = (await operator.get("/api/folders/erasures?pending=true"))["items"]
    assert (row["problem"], row["tries"], row["cause"]) == ("volume_in_use", 1, "retention")
    campus.orchestrator.mounted.clear()
    campus.orchestrator.files.away = True
    await run_retention(campus, MONTH)
    [row] = (await operator.get("/api/folders/erasures"))["items"]
    assert row["tries"] == 1, "it waits before the next try"
    await run_retention(campus, MONTH + timedelta(minutes=11))
    [row] = (await operator.get("/api/folders/erasures"))["items"]
    assert (row["problem"], row["tries"]) == ("work_folder_unavailable", 2)
    campus.orchestrator.files.away = False
    await run_retention(campus, MONTH + timedelta(hours=1))
    assert not work.exists()
    assert (await operator.get("/api/folders/erasures?pending=true"))["items"] == []
    [row] = (await operator.get("/api/folders/erasures?pending=false"))["items"]
    assert row["erased_at"] is not None
    assert row["asked_by"] is None


async def test_an_erasure_on_a_lost_machine_is_given_up(campus: Campus) -> None:
    teacher, operator = await campus.teacher(), await campus.operator()
    course = await campus.course(teacher)
    await worked(campus, course)
    await archived_since(campus, course, teacher, days=400)
    campus.orchestrator.files.away = True
    await run_retention(campus)
    await run_retention(campus, MONTH)
    [row] = (await operator.get("/api/folders/erasures"))["items"]
    path = f"/api/folders/erasures/{row['id']}/abandon"
    assert await teacher.refused("POST", path) == (403, "operators_only")
    given_up = await operator.post(path)
    assert (given_up["problem"], given_up["asked_by"]) == ("abandoned", "Olga")
    assert await operator.refused("POST", path) == (409, "erasure_not_failing")


async def test_a_course_that_goes_on_keeps_its_folders(campus: Campus) -> None:
    """An erasure that could not happen yet is taken back by a new session and by a start."""
    teacher, operator = await campus.teacher(), await campus.operator()
    course = await campus.course(teacher)
    ada = await worked(campus, course)
    await archived_since(campus, course, teacher, days=400)
    await run_retention(campus)
    campus.orchestrator.files.away = True
    await run_retention(campus, MONTH)
    assert (await operator.get("/api/folders/erasures"))["total"] == 1
    await teacher.change_status(course, "ready")
    session = a_session(timedelta(days=29), timedelta(days=30))
    await teacher.post(f"/api/courses/{course}/sessions", session)
    campus.orchestrator.files.away = False
    await run_retention(campus, MONTH + timedelta(hours=1))
    assert (await operator.get("/api/folders/erasures"))["total"] == 0
    assert folder(campus, course, ada).joinpath("notes.txt").is_file()
    assert (await folders_of(teacher, course))["erase_at"] is None


async def test_what_runs_is_never_due(campus: Campus) -> None:
    """Somebody started it in an archived Course's last moment, and it still runs."""
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.launch("ada", course=course, name="Ada")
    id = await ready(campus, ada, course)
    session = a_session(timedelta(days=-400), timedelta(days=1))
    await teacher.post(f"/api/courses/{course}/sessions", session)
    async with transaction(campus.services.sessions) as db:
        long_ago = utc_now() - timedelta(days=400)
        await db.execute(update(Environment).where(Environment.id == id).values(asked_at=long_ago))
    await run_retention(campus)
    await run_retention(campus, MONTH)
    assert campus.orchestrator.erased == []
    assert (await folders_of(teacher, course))["notice"] == "none"


async def test_nothing_else_erases_a_folder(campus: Campus) -> None:
    """A stop, a new environment, a rebuild, a drain, archiving and the job before its time."""
    teacher, operator = await campus.teacher(), await campus.operator()
    image, build = await campus.built_image(teacher)
    course = await campus.course(teacher, build_id=build)
    ada = await worked(campus, course)
    await ready(campus, ada, course)
    await ada.post(f"/api/courses/{course}/environment/restart")
    await teacher.post(f"/api/images/{image}/builds")
    node = campus.orchestrator.nodes[0]
    drain = {"availability": "drain"}
    answer = await operator.http.patch(f"/api/nodes/{node.id}", json=drain)
    assert answer.is_success, answer.text
    await ada.post(f"/api/courses/{course}/environment/stop")
    await teacher.change_status(course, "archived")
    await run_retention(campus, timedelta(days=59))
    assert campus.orchestrator.erased == []
    assert folder(campus, course, ada).joinpath("notes.txt").read_text() == "by ada"


def test_one_module_alone_erases_volumes() -> None:
    """Whoever adds another caller of `erase_volume` reads this first."""
    api = Path("services/api/mydocker_api")
    callers = [
        path.relative_to(api).as_posix()
        for path in api.rglob("*.py")
        if re.search(r"\.erase_volume\(", path.read_text("utf-8"))
    ]
    assert callers == ["retention/erasing.py"]
