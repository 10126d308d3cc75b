"""People on the real stack: an operator shuts somebody out, a session ends everywhere at once,
the list of the LMS is read, a score reaches its gradebook."""

import re
from typing import Any
from uuid import uuid4

import httpx
from deploy.demo.examples import operators
from playwright.sync_api import Page, expect
from tests.support.waiting import eventually
from tests.system.campus import Campus, Student
from tests.system.conftest import course_named

PERSON, PART = "hugo-lefevre", "OpenSSL"


def code(campus: Campus, token: str) -> str:
    """What the api says to this token; empty when it answers."""
    headers = {"Authorization": f"Bearer {token}"}
    response = httpx.get(f"{campus.app}/api/me", headers=headers, trust_env=False)
    return "" if response.is_success else str(response.json()["code"])


def entry(operator: httpx.Client, name: str) -> dict[str, Any]:
    people = operator.get("/api/people", params={"search": name})
    people.raise_for_status()
    return dict(people.json()["items"][0])


def test_signing_out_ends_the_session_everywhere_at_once(campus: Campus) -> None:
    with Student(campus.instance, PERSON) as student, Student(campus.instance, PERSON) as other:
        for person in (student, other):
            person.open_activity(PART)
            assert code(campus, person.token) == ""
        student.sign_out()
        over = "web_session_over"
        eventually(lambda: code(campus, student.token) == over, "the token is refused", 10)
        assert code(campus, other.token) == ""


def test_a_disabled_person_is_out_and_reads_why(campus: Campus, page: Page) -> None:
    with Student(campus.instance, PERSON) as student, operators.signed_in(campus.instance) as hands:
        student.open_activity(PART)
        student.start()
        student.await_state("ready")
        environment, token = student.environment_id, student.token
        path = f"/api/people/{entry(hands, 'Lefèvre')['id']}/disabled"
        hands.put(path, json={"reason": "A test"}).raise_for_status()
        try:
            eventually(lambda: code(campus, token) != "", "the token is refused", 10)
            eventually(lambda: not campus.running_tasks(environment), "nothing runs", 30)
            page.goto(f"{campus.lms}/as/{PERSON}/?lang=en")
            page.get_by_role("link", name=re.compile(PART)).click()
            frame = page.frame_locator("iframe")
            expect(frame.get_by_role("heading", name="Your account is disabled")).to_be_visible()
        finally:
            hands.delete(path).raise_for_status()
    with Student(campus.instance, PERSON) as student:
        student.open_activity(PART)
        assert student.await_state("stopped")["reason"]["code"] == "user_disabled"


def test_the_list_of_the_lms_is_read_and_a_score_reaches_its_gradebook(
    campus: Campus, teacher: Student
) -> None:
    with Student(campus.instance, PERSON) as student:
        student.open_activity(PART)
        me = student.api("GET", "/api/me")["id"]
    path = f"/api/courses/{course_named(teacher, PART)}/people"
    people = teacher.api("POST", f"{path}/sync")
    assert (people["roster"], people["everybody"] >= 5) == ("known", True)
    waiting = teacher.api("GET", path, which="not_started")["items"]
    assert all(person["listed"] and person["environment"] is None for person in waiting)

    body = {"id": str(uuid4()), "given": 72.5, "comment": "A test"}
    assert teacher.api("PUT", f"{path}/{me}/score", body)["given"] == 72.5

    def settled() -> str | None:
        items = teacher.api("GET", path, search="Lef")["items"]
        score = next(person["score"] for person in items if person["user_id"] == me)
        return None if score["state"] == "queued" else str(score["state"])

    assert eventually(settled, "the score is settled") == "delivered"


def test_an_operator_approves_and_withdraws_in_the_browser(
    campus: Campus, teacher: Student, page: Page
) -> None:
    page.goto(operators.link(campus.instance))
    page.get_by_role("button", name="Enter").click()
    page.wait_for_url(re.compile("/dashboard"))
    page.goto(f"{campus.app}/dashboard/operate/people?search=Fontaine")
    row = page.get_by_role("row", name=re.compile("Claire Fontaine"))
    expect(row.get_by_text("Builds images")).to_be_visible()
    choose(page, "Withdraw the approval")
    page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(row.get_by_text("Builds images")).to_be_hidden()
    try:
        assert teacher.api("GET", "/api/me")["can"] == ["create_courses"]
        teacher.api("POST", "/api/me/build-request")
        # By itself: the list is live.
        expect(row.get_by_text("Asks to build images")).to_be_visible()
        row.get_by_role("button", name=re.compile("^Approve")).click()
        expect(row.get_by_text("Builds images")).to_be_visible()
    finally:
        with operators.signed_in(campus.instance) as hands:
            me = teacher.api("GET", "/api/me")["id"]
            hands.put(f"/api/people/{me}/build-approval").raise_for_status()


def choose(page: Page, act: str) -> None:
    """An act from the menu of the only person shown."""
    page.get_by_role("button", name=re.compile("^Actions")).click()
    page.get_by_role("menuitem", name=act).click()
