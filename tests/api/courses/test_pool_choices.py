"""Teachers choose machines and GPUs; what they leave empty is what the pool gives."""

from typing import Any

import pytest
from tests.api.campus import Campus, Person, a_course
from tests.api.courses.test_courses import flaws
from tests.api.environments.windows import ready
from tests.support.waiting import until

from mydocker_api.domain.environments.resources import RequestedResources, effective_resources
from mydocker_kit.contracts.orchestrator.pools import Pool

GPUS = Pool(
    name="gpus",
    title="GPU",
    gpu_kind="NVIDIA-A100",
    default_cpu=4,
    default_memory_mib=8192,
    default_gpu=1,
    max_gpu=2,
    lease_minutes=120,
    hard_limit_minutes=240,
)


async def with_gpus(campus: Campus) -> Person:
    """A teacher on a platform that has GPUs."""
    operator = await campus.operator()
    body, new = GPUS.model_dump(mode="json"), {"If-None-Match": "*"}
    assert (await operator.http.put("/api/pools/gpus", json=body, headers=new)).is_success
    return await campus.teacher()


async def test_teachers_see_what_they_may_choose_and_students_do_not(campus: Campus) -> None:
    teacher = await with_gpus(campus)
    choices = {pool["name"]: pool for pool in await teacher.get("/api/pool-choices")}
    assert choices["gpus"] == GPUS.model_dump(mode="json")
    student = await campus.student(await campus.course(teacher))
    assert await student.refused("GET", "/api/pool-choices") == (403, "forbidden")


async def test_the_orchestrator_is_asked_again_and_again(campus: Campus) -> None:
    teacher = await campus.teacher()

    async def is_known() -> bool:
        return bool((await teacher.get("/api/pool-choices"))[0]["title"] == "CPU")

    await until(is_known, "the orchestrator's pool among the choices")


async def test_an_empty_field_means_what_the_pool_gives(campus: Campus) -> None:
    teacher = await with_gpus(campus)
    course = await campus.course(teacher, resources={"pool": "gpus", "cpu": 2})
    shown = await teacher.get(f"/api/courses/{course}")
    assert (shown["effective_cpu"], shown["effective_memory_mib"]) == (2, 8192)
    assert (shown["effective_gpu"], shown["pool"]["name"]) == (1, "gpus")
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    spec = campus.orchestrator.specs[id]
    assert (spec.pool, spec.resources.gpu, spec.resources.cpu) == ("gpus", 1, 2)
    assert (spec.lease_seconds, spec.hard_limit_seconds) == (7200, 14400)


async def test_a_start_while_the_orchestrator_is_away_knows_the_pool(campus: Campus) -> None:
    teacher = await with_gpus(campus)
    course = await campus.course(teacher, resources={"pool": "gpus", "gpu": 2})
    ada = await campus.student(course)
    campus.orchestrator.away = True
    await ada.post(f"/api/courses/{course}/environment/start")
    campus.orchestrator.away = False
    id = campus.environment(course, ada)
    spec = await until(lambda: campus.orchestrator.specs.get(id), "the spec at the orchestrator")
    assert spec.resources.gpu == 2


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"resources": {"pool": "moon"}}, {("resources.pool", "pool_unknown")}),
        ({"resources": {"gpu": 1}}, {("resources.gpu", "gpu_over_maximum")}),
        (
            {"resources": {"pool": "gpus", "gpu": 3, "cpu": 9}},
            {("resources.gpu", "gpu_over_maximum"), ("resources.cpu", "cpu_over_maximum")},
        ),
        (
            {"resources": {"pool": "gpus"}, "lease": {"minutes": 300, "hard_limit_minutes": 400}},
            {
                ("lease.minutes", "lease_over_maximum"),
                ("lease.hard_limit_minutes", "lease_over_maximum"),
            },
        ),
    ],
)
async def test_more_than_the_pool_gives_is_refused_at_its_field(
    campus: Campus, changes: dict[str, Any], problems: set[tuple[str, str]]
) -> None:
    teacher = await with_gpus(campus)
    assert await flaws(teacher, a_course(status="draft", **changes)) == problems


async def test_a_copy_keeps_the_machines(campus: Campus) -> None:
    teacher = await with_gpus(campus)
    course = await campus.course(teacher, resources={"pool": "gpus", "gpu": 2})
    copy = await teacher.post(f"/api/courses/{course}/duplicate")
    assert (copy["resources"]["pool"], copy["resources"]["gpu"]) == ("gpus", 2)


@pytest.mark.parametrize(
    ("lease", "hard", "times"),
    [
        (None, None, (120, 240)),
        (60, None, (60, 240)),
        (None, 90, (90, 90)),
        (500, 999, (240, 240)),
    ],
)
def test_no_course_outlasts_its_pool(
    lease: int | None, hard: int | None, times: tuple[int, int]
) -> None:
    gets = effective_resources(RequestedResources(None, None, 0, lease, hard), GPUS)
    assert (gets.lease_minutes, gets.hard_limit_minutes) == times
    assert gets.gpu == 0
