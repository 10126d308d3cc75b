"""What a teacher makes of the student's window: which ports, which links."""

from typing import Any

from tests.api.campus import SSH, WEB, Campus, Person
from tests.api.environments.windows import ready, window

LINKS = [
    {"title": "Subject", "url": "https://{{HOST['8888']}}/lab/tree/{{USER_REDIRECT}}"},
    {"title": "Terminal", "url": "ssh://{{USERNAME}}@{{HOST['22']}}:{{PORT['22']}}"},
    {"title": "Board", "url": "https://board.example.org/?who={{USERNAME}}"},
]


async def a_running_course(campus: Campus, **options: Any) -> tuple[Person, str]:
    course = await campus.course(await campus.teacher(), ports=[WEB, SSH], window=options)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    return ada, course


async def opened(person: Person, course: str, index: int, path: str = "") -> Any:
    where = f"/api/courses/{course}/environment/links/{index}/open"
    return await person.post(where, {"user_redirect": path})


async def test_a_hidden_port_has_no_card_and_still_opens(campus: Campus) -> None:
    ada, course = await a_running_course(campus, hidden_ports=[8888])
    cards = (await window(ada, course))["connections"]
    assert [(card["port"], card["primary"]) for card in cards] == [(22, True)]
    await ada.post(f"/api/courses/{course}/environment/ports/8888/open")


async def test_links_are_listed_while_it_runs_and_lead_to_the_students_own(campus: Campus) -> None:
    ada, course = await a_running_course(campus, links=LINKS)
    shown = await window(ada, course)
    listed = [(link["index"], link["title"], link["scheme"]) for link in shown["links"]]
    assert listed == [(0, "Subject", "https"), (1, "Terminal", "ssh"), (2, "Board", "https")]
    assert "url" not in shown["links"][0]
    name = shown["username"]
    page = await opened(ada, course, 0, "/TP 1.ipynb?a=b")
    assert page["url"].endswith("/_mydocker/enter")
    assert page["ticket"]
    assert page["next"] == "/lab/tree/TP%201.ipynb?a=b"
    settings = campus.services.settings
    terminal = await opened(ada, course, 1)
    assert terminal["url"] == f"ssh://{name}@{settings.ssh_host}:{settings.ssh_port}"
    assert terminal["ticket"] is None
    assert (await opened(ada, course, 2))["url"] == f"https://board.example.org/?who={name}"


async def test_a_link_needs_a_running_environment(campus: Campus) -> None:
    course = await campus.course(await campus.teacher(), ports=[WEB], window={"links": LINKS[2:]})
    ada = await campus.student(course)
    assert (await window(ada, course))["links"] == []
    path = f"/api/courses/{course}/environment/links/0/open"
    assert await ada.refused("POST", path, {"user_redirect": ""}) == (409, "environment_not_ready")


async def test_no_other_link_is_opened(campus: Campus) -> None:
    ada, course = await a_running_course(campus, links=LINKS)
    path = f"/api/courses/{course}/environment/links/7/open"
    assert await ada.refused("POST", path, {"user_redirect": ""}) == (404, "window_link_unknown")
    other = await campus.student(await campus.course(await campus.teacher()), "bob")
    path = f"/api/courses/{course}/environment/links/0/open"
    assert await other.refused("POST", path, {"user_redirect": ""}) == (404, "not_found")


async def test_a_link_that_is_none_is_refused_at_its_field(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await teacher.get(f"/api/courses/{await campus.course(teacher, ports=[WEB])}")
    bad = [
        {"title": "x", "url": "javascript:alert(1)"},
        {"title": "y", "url": "https://{{HOST['22']}}/"},
        {"title": "z", "url": "https://{{PASSWORD}}/"},
    ]
    draft = {key: course[key] for key in ("title", "ports", "build_id", "status")}
    path = f"/api/courses/{course['id']}"
    body = draft | {"window": {"links": bad}}
    answer = await teacher.http.put(path, json=body, headers={"If-Match": "*"})
    codes = [(flaw["field"], flaw["code"]) for flaw in answer.json()["fields"]]
    assert codes == [
        ("window.links.0.url", "link_scheme"),
        ("window.links.1.url", "link_port_unknown"),
        ("window.links.2.url", "link_placeholder_misplaced"),
    ]
