"""Teachers prepare, plan, open, copy and remove Courses."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.api.campus import WEB, Campus, Person, a_course, a_session

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.builder.builds import BuildPhase
from mydocker_kit.contracts.gateway.launches import ContextRole


async def flaws(person: Person, body: dict[str, Any]) -> set[tuple[str, str]]:
    """Fields and codes of a Course that is refused."""
    response = await person.http.post("/api/courses", json=body)
    assert response.status_code == 422, response.text
    return {(problem["field"], problem["code"]) for problem in response.json()["fields"]}


async def test_a_course_comes_back_as_it_was_said(campus: Campus) -> None:
    teacher = await campus.teacher()
    image, build = await campus.built_image(teacher)
    body = a_course(
        build_id=build,
        description="Keys",
        command="run {{USERNAME}}",
        profile="compat",
        resources={"cpu": 2, "memory_mib": 512, "pool": None, "gpu": None},
        work_folder={"save": False, "path": "/work", "size_mib": 64},
        show_password=False,
    )
    course = await teacher.post("/api/courses", body)
    for key, value in body.items():
        if key != "ports":
            assert course[key] == value, key
    assert [port["number"] for port in course["ports"]] == [22, 8888]
    assert course["image"]["image_id"] == image
    assert "@sha256:" in course["image"]["reference"]
    assert course["effective_cpu"] == 2
    assert course["can"] == ["edit", "publish", "start", "delete", "see_people", "share"]
    assert course["owner_name"] == "Grace"
    assert await teacher.get(f"/api/courses/{course['id']}") == course


async def test_empty_limits_mean_the_default(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await teacher.post("/api/courses", a_course(status="draft"))
    assert (course["effective_cpu"], course["effective_memory_mib"]) == (1, 1024)
    assert set(course["resources"].values()) == {None}
    assert (course["image"], course["can"]) == (None, ["edit", "delete", "see_people", "share"])


async def test_every_wrong_field_is_named(campus: Campus) -> None:
    teacher = await campus.teacher()
    wrong = a_course(
        title="   ",
        ports=[WEB, WEB],
        command="run {{HOME}}",
        work_folder={"path": "/home/{{.Node.Hostname}}"},
        resources={"cpu": 63, "memory_mib": 999_999},
    )
    assert await flaws(teacher, wrong) == {
        ("title", "title_blank"),
        ("ports.0.number", "port_twice"),
        ("ports.1.number", "port_twice"),
        ("ports.0.title", "port_title_twice"),
        ("ports.1.title", "port_title_twice"),
        ("command", "placeholder_unknown"),
        ("work_folder.path", "path_template"),
        ("resources.cpu", "cpu_over_maximum"),
        ("resources.memory_mib", "memory_over_maximum"),
        ("build_id", "build_required"),
    }


async def test_bad_input_is_refused_at_its_field(campus: Campus) -> None:
    teacher = await campus.teacher()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"ports": [{**WEB, "number": 0}]}, "ports.0.number"),
        ({"ports": [{**WEB, "number": 65536}]}, "ports.0.number"),
        ({"ports": [WEB] * 17}, "ports"),
        ({"resources": {"cpu": 0}}, "resources.cpu"),
        ({"resources": {"memory_mib": -1}}, "resources.memory_mib"),
        ({"work_folder": {"path": "work"}}, "work_folder.path"),
        ({"status": "open"}, "status"),
        ({"build_id": "1"}, "build_id"),
        ({"unknown": 1}, "unknown"),
    ]
    for changes, field in wrong:
        assert {where for where, _ in await flaws(teacher, a_course(**changes))} == {field}


async def test_only_a_finished_build_of_ones_own_can_be_chosen(campus: Campus) -> None:
    teacher = await campus.teacher()
    other = await campus.teacher("linus")
    _, foreign = await campus.built_image(other)
    campus.builder.outcome = BuildPhase.FAILED
    _, failed = await campus.built_image(teacher)
    for build, code in (
        (foreign, "build_unknown"),
        (str(uuid4()), "build_unknown"),
        (failed, "build_not_usable"),
    ):
        assert await flaws(teacher, a_course(build_id=build)) == {("build_id", code)}


async def test_a_chosen_build_is_kept_while_the_builder_is_away(campus: Campus) -> None:
    teacher = await campus.teacher()
    _, build = await campus.built_image(teacher)
    course = await campus.course(teacher, build_id=build)
    campus.builder.away = True
    body = a_course(build_id=build, title="Renamed")
    assert (await teacher.put(f"/api/courses/{course}", body))["title"] == "Renamed"
    refused = await teacher.refused(
        "PUT", f"/api/courses/{course}", a_course(build_id=str(uuid4()))
    )
    assert refused == (422, "fields_invalid")


async def test_status_needs_something_to_run(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = (await teacher.post("/api/courses", a_course(status="draft")))["id"]
    path = f"/api/courses/{course}/status"
    assert await teacher.refused("POST", path, {"status": "ready"}) == (422, "fields_invalid")
    assert (await teacher.change_status(course, "archived"))["status"] == "archived"


async def test_lists_are_searched_filtered_sorted_and_paged(campus: Campus) -> None:
    teacher = await campus.teacher()
    for title in ("Alpha", "Beta 100%", "Gamma"):
        await teacher.post("/api/courses", a_course(title=title, status="draft"))
    await teacher.post("/api/courses", a_course(title="Delta", status="archived"))
    await (await campus.teacher("linus")).post("/api/courses", a_course(status="draft"))

    async def titles(**params: Any) -> list[str]:
        page = await teacher.get("/api/courses", params=params)
        return [course["title"] for course in page["items"]]

    assert await titles() == ["Delta", "Gamma", "Beta 100%", "Alpha"]
    assert await titles(sort="title", page_size=2) == ["Alpha", "Beta 100%"]
    assert await titles(sort="title", page_size=2, page=2) == ["Delta", "Gamma"]
    assert await titles(search="bet") == ["Beta 100%"]
    assert await titles(search="%") == ["Beta 100%"]
    assert await titles(status="archived") == ["Delta"]
    assert await titles(page=99) == []
    assert (await teacher.refused("GET", "/api/courses?page_size=1000"))[0] == 422


async def test_a_copy_is_a_draft_without_sessions(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    session = a_session(timedelta(hours=1), timedelta(hours=1))
    await teacher.post(f"/api/courses/{course}/sessions", session)
    copy = await teacher.post(f"/api/courses/{course}/duplicate")
    assert (copy["title"], copy["status"]) == ("Cryptography (2)", "draft")
    assert copy["sessions"]["total"] == 0
    assert copy["image"]["reference"]


async def test_a_course_is_its_owners(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    await campus.student(course)
    colleague = await campus.teacher("linus")
    seen = await colleague.get(f"/api/courses/{course}")
    assert seen["can"] == ["publish", "start", "see_people"]
    stranger = await campus.launch("mallory", link="elsewhere")
    calls = [
        ("PUT", f"/api/courses/{course}", a_course()),
        ("DELETE", f"/api/courses/{course}", None),
        ("POST", f"/api/courses/{course}/status", {"status": "archived"}),
        ("POST", f"/api/courses/{course}/duplicate", None),
        (
            "POST",
            f"/api/courses/{course}/sessions",
            a_session(timedelta(hours=1), timedelta(hours=1)),
        ),
    ]
    for method, path, body in calls:
        assert (await stranger.refused(method, path, body))[0] == 404, path
        if not path.endswith("duplicate"):
            assert (await colleague.refused(method, path, body))[0] == 403, path
    assert (await stranger.refused("GET", f"/api/courses/{course}"))[0] == 404
    assert await stranger.refused("POST", "/api/courses", a_course()) == (403, "forbidden")


async def test_sessions_are_planned_moved_and_listed(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    hour = timedelta(hours=1)
    later = await teacher.post(f"/api/courses/{course}/sessions", a_session(48 * hour, hour))
    running = await teacher.post(f"/api/courses/{course}/sessions", a_session(-hour, 2 * hour))
    assert (later["state"], running["state"]) == ("upcoming", "running")
    assert running["course_title"] == "Cryptography"
    summary = (await teacher.get("/api/courses"))["items"][0]
    assert (summary["next_session"]["id"], summary["sessions"]) == (running["id"], 2)

    now = utc_now()
    params = {"from": now.isoformat(), "to": (now + 24 * hour).isoformat()}
    sessions = await teacher.get("/api/sessions", params=params)
    assert [course["id"] for course in sessions["items"]] == [running["id"]]
    assert (await teacher.get("/api/sessions"))["total"] == 2
    other = await campus.teacher("linus")
    assert (await other.get("/api/sessions"))["total"] == 0
    path = f"/api/sessions/{later['id']}"
    assert (await other.refused("DELETE", path))[0] == 404
    moved = await teacher.put(path, a_session(24 * hour, hour, students=3))
    assert moved["students"] == 3
    await teacher.delete(path)
    assert (await teacher.get("/api/sessions"))["total"] == 1


async def test_a_session_that_cannot_be_is_refused(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher, build_id=None, status="draft")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"students": 0}, "greater_than_equal"),
        ({"students": 5001}, "less_than_equal"),
        ({"starts_at": "2026-01-01T10:00:00"}, "timezone_aware"),
        ({"ends_at": "2026-01-01T10:00:00Z"}, "ends_before_start"),
        ({"ends_at": "2036-01-01T10:00:00Z"}, "session_too_long"),
    ]
    for changes, code in wrong:
        body = a_session(timedelta(hours=1), timedelta(hours=1)) | changes
        response = await teacher.http.post(f"/api/courses/{course}/sessions", json=body)
        assert [problem["code"] for problem in response.json()["fields"]] == [code]


async def test_a_former_teacher_keeps_but_does_not_make(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    former = await campus.launch("grace", ContextRole.STUDENT, link="from-dashboard")
    assert (await former.get(f"/api/courses/{course}"))["title"] == "Cryptography"
    assert (await former.refused("POST", "/api/courses", a_course()))[0] == 403
