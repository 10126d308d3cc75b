"""The size of work folders: what a teacher sets, what a student sees of it."""

from uuid import UUID

import pytest
from tests.api.campus import Campus, Person, a_course
from tests.api.courses.test_courses import flaws
from tests.api.environments.windows import ready, window
from tests.support.waiting import until

from mydocker_kit.contracts.orchestrator.environments import FolderUse
from mydocker_kit.contracts.orchestrator.pools import Pool, Storage

SIZED = Pool(
    name="sized",
    title="Sized",
    storage=Storage.NODE_QUOTA,
    default_folder_mib=512,
    max_folder_mib=2048,
)
MIB = 1024 * 1024


def a_use(used_mib: float, files: int = 10) -> FolderUse:
    return FolderUse(
        used_bytes=int(used_mib * MIB),
        allowed_bytes=1000 * MIB,
        used_files=files,
        allowed_files=1000,
        limit_bytes=1000 * MIB,
    )


async def with_sizes(campus: Campus) -> Person:
    """A teacher whose platform has machines that give folders a size."""
    operator = await campus.operator()
    body, new = SIZED.model_dump(mode="json"), {"If-None-Match": "*"}
    assert (await operator.http.put("/api/pools/sized", json=body, headers=new)).is_success
    return await campus.teacher()


async def quota_of(campus: Campus, course: str) -> tuple[UUID, int | None]:
    """A student's environment, and the size that its start asked for."""
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    [mount] = campus.orchestrator.specs[id].volumes
    return id, mount.quota_mib


async def test_a_folder_gets_the_courses_size_else_the_pools(campus: Campus) -> None:
    teacher = await with_sizes(campus)
    usual = await campus.course(teacher, resources={"pool": "sized"})
    assert (await teacher.get(f"/api/courses/{usual}"))["effective_folder_mib"] == 512
    assert (await quota_of(campus, usual))[1] == 512
    folder = {"save": True, "size_mib": 2048}
    large = await campus.course(teacher, resources={"pool": "sized"}, work_folder=folder)
    assert (await quota_of(campus, large))[1] == 2048


async def test_other_pools_give_no_size(campus: Campus) -> None:
    teacher = await with_sizes(campus)
    course = await campus.course(teacher, work_folder={"save": True, "size_mib": 64})
    assert (await teacher.get(f"/api/courses/{course}"))["effective_folder_mib"] is None
    assert (await quota_of(campus, course))[1] is None


async def test_more_than_the_pool_gives_is_refused_at_the_field(campus: Campus) -> None:
    teacher = await with_sizes(campus)
    folder = {"save": True, "size_mib": 2049}
    draft = a_course(status="draft", resources={"pool": "sized"}, work_folder=folder)
    assert await flaws(teacher, draft) == {("work_folder.size_mib", "folder_over_maximum")}


@pytest.mark.parametrize(
    ("use", "level", "by_files"),
    [
        (a_use(100), "fine", False),
        (a_use(800), "warning", False),
        (a_use(951), "critical", False),
        (a_use(999), "full", False),
        (a_use(100, files=960), "critical", True),
    ],
)
async def test_a_student_sees_how_full_the_folder_is(
    campus: Campus, use: FolderUse, level: str, by_files: bool
) -> None:
    course = await campus.course(await with_sizes(campus), resources={"pool": "sized"})
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    assert (await window(ada, course))["folder"] is None, "not measured yet"
    before = (await window(ada, course))["version"]
    await campus.orchestrator.record(id, folder=use)

    async def is_shown() -> bool:
        return (await window(ada, course))["folder"] is not None

    await until(is_shown, "the usage in the window")
    shown = await window(ada, course)
    assert shown["version"] > before, "the browser asks again"
    assert (shown["folder"]["level"], shown["folder"]["by_files"]) == (level, by_files)
    assert shown["folder"]["used_bytes"] == use.used_bytes
    await campus.orchestrator.end(id)

    async def is_over() -> bool:
        return bool((await window(ada, course))["state"] == "stopped")

    await until(is_over, "the end")
    assert (await window(ada, course))["folder"]["level"] == level, "the folder stays"
