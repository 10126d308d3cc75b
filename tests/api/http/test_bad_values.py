"""What storage cannot hold: refused by name, or cleaned; never an error of ours."""

from collections.abc import Mapping
from datetime import timedelta

import httpx
import pytest
from tests.api.campus import SSH, Campus, a_course, a_session, an_image
from tests.api.operating.fake_invitations import add_invitations
from tests.api.operating.fake_platforms import FakePlatforms
from tests.api.operating.fake_signing_keys import add_signing_keys
from tests.conftest import ServiceKeys
from tests.support.bad_values import cases, description, foreign_fields, send

from mydocker_kit.clients.api import AUDIENCE, BASTION
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.tokens import ServiceIdentity


@pytest.mark.timeout(600)
async def test_every_field_of_every_request(
    campus: Campus, platforms: FakePlatforms, service_keys: ServiceKeys
) -> None:
    """Walks the whole description, routes for other services included."""
    add_invitations(campus.gateway.app)
    add_signing_keys(campus.gateway.app)
    person = await campus.teacher("walker")
    await campus.grant(person, operator_since=utc_now())

    def token_of(service: str) -> str:
        pem = service_keys.private[service].get_secret_value()
        token = ServiceIdentity.load(service, pem).token_for(AUDIENCE, utc_now())
        return f"Bearer {token}"

    def headers(path: str) -> Mapping[str, str]:
        if path.startswith(("/internal/ssh", "/internal/desktops")):
            return {"Authorization": token_of(BASTION)}
        if path.startswith("/internal"):
            return {"Authorization": token_of("mydocker-lti-gateway")}
        return {}

    described = description(campus.app)
    foreign = {"name", "email", "locale", "title", "label", "resource_link_title"}
    untyped = foreign_fields(described) - foreign
    assert not untyped, f"use a type of mydocker_kit.contracts.values for {untyped}"
    all_cases = list(cases(described))
    wrong = [answer for case in all_cases if (answer := await send(person.http, case, headers))]
    assert wrong == []
    assert len(all_cases) > 800


@pytest.mark.parametrize("path", ["/api/courses", "/api/images", "/api/sessions", "/api/people"])
async def test_a_search_for_nul(campus: Campus, path: str) -> None:
    person = await campus.operator()
    assert await person.refused("GET", f"{path}?search=%00") == (422, "invalid_request")


async def test_what_comes_along_with_a_paste_goes(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await teacher.post(
        "/api/courses",
        a_course(
            title="a\tb\u202ec\x07",
            description="one\r\ntwo\x0b\u2066",
            status="draft",
            ports=[{**SSH, "title": "She\x1bll"}],
        ),
    )
    assert (course["title"], course["description"]) == ("a bc", "one\ntwo")
    assert course["ports"][0]["title"] == "Shell"
    image = await teacher.post(
        "/api/images", an_image(dockerfile="FROM debian:12\r\nRUN\ttrue\x07")
    )
    assert image["dockerfile"] == "FROM debian:12\nRUN\ttrue"


async def test_joiners_inside_words_stay(campus: Campus) -> None:
    teacher = await campus.teacher()
    for title in ("می\u200cخواهم", "👨\u200d👩\u200d👧", "क्\u200dष"):
        course = await teacher.post("/api/courses", a_course(title=title, status="draft"))
        assert course["title"] == title


@pytest.mark.parametrize("title", [" ", "\u200b", "\u2060\u200d", "\u3164", "\u2800 ", "\x07"])
async def test_a_title_of_which_nothing_can_be_seen(campus: Campus, title: str) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    hour = timedelta(hours=1)
    port = {**SSH, "title": title}
    for path, body, field in (
        ("/api/courses", a_course(title=title, status="draft"), "title"),
        ("/api/courses", a_course(status="draft", ports=[port]), "ports.0.title"),
        ("/api/images", an_image(title=title), "title"),
        (f"/api/courses/{course}/sessions", a_session(hour, hour, title=title), "title"),
    ):
        answer = await teacher.http.post(path, json=body)
        assert answer.status_code == 422, (path, answer.text)
        assert [problem["field"] for problem in answer.json()["fields"]] == [field]


async def test_a_session_at_the_end_of_the_calendar(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    hour = timedelta(hours=1)
    for ends in ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"):
        body = a_session(hour, hour, starts_at="9999-12-31T00:00:00Z", ends_at=ends)
        answer = await teacher.http.post(f"/api/courses/{course}/sessions", json=body)
        assert answer.status_code == 422, answer.text
        codes = {problem["field"]: problem["code"] for problem in answer.json()["fields"]}
        assert codes == {"starts_at": "instant_out_of_range", "ends_at": "instant_out_of_range"}
    await teacher.get(f"/api/courses/{course}")
    await teacher.get(f"/api/courses/{course}/window")
    await teacher.get("/api/sessions")


async def test_nobody_is_locked_out_by_an_odd_name(campus: Campus) -> None:
    person = await campus.launch(
        "odd", ContextRole.TEACHER, name="A\x00d\ud800a\u202e\u200c Lovelace"
    )
    assert (await person.get("/api/me"))["name"] == "Ada\u200c Lovelace"
    nameless = await campus.launch("nameless", ContextRole.TEACHER, name="\u200b\x00")
    assert (await nameless.get("/api/me"))["name"]


async def test_a_body_that_is_no_text(campus: Campus) -> None:
    teacher = await campus.teacher()
    for content in (b'{"title": "\xff"}', b"\x00", b"[" * 100_000, b'{"title": 1e999}'):
        answer: httpx.Response = await teacher.http.post(
            "/api/courses", content=content, headers={"Content-Type": "application/json"}
        )
        assert 400 <= answer.status_code < 500, (content[:20], answer.text)
