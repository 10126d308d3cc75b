"""Root in a container on a real engine that does not remap users: refused, approved, started, and
refused again with the next build; asked for and decided on the page."""

import re
from typing import Any

import httpx
import pytest
from deploy.demo.examples import operators
from playwright.sync_api import Page, expect
from tests.support.waiting import eventually
from tests.system import pages
from tests.system.campus import Campus, Student
from tests.system.conftest import TEACHER, NewContext
from tests.system.courses import BARE, build_of, placed
from tests.system.screens.album import TWO, Album

from mydocker_kit.contracts.orchestrator.environments import Reason, ReasonCode

ROOTED: dict[str, Any] = {
    "title": "Accounts of its own",
    "dockerfile": 'FROM debian:12\nCOPY wrapper.sh /wrapper.sh\nCMD ["/wrapper.sh"]\n',
    "wrapper": "#!/bin/sh\nset -eu\nuseradd pupil\nexec sleep 600\n",
    "ports": [],
    "profile": "compat",
}
PUPIL = "maya-nguyen"


@pytest.fixture
def operator_page(campus: Campus, new_context: NewContext) -> Page:
    """The operators' list of requests."""
    page = new_context(reduced_motion="reduce").new_page()
    page.goto(operators.link(campus.instance))
    page.get_by_role("button", name="Enter").click()
    page.wait_for_url(re.compile("/dashboard"))
    return page


def refusal(student: Student) -> str:
    """The code with which a start is refused, by the api or by the orchestrator."""
    try:
        student.start()
    except Exception as error:
        return ReasonCode.ROOT_NOT_APPROVED if "root_not_approved" in str(error) else str(error)
    reason = Reason.model_validate(student.await_state("failed")["reason"])
    return str(reason.code)


def test_a_compat_build_is_refused_approved_started_and_its_successor_refused(
    campus: Campus, teacher: Student, new_context: NewContext, operator_page: Page
) -> None:
    image = teacher.api("POST", "/api/images", ROOTED)
    build = build_of(teacher, image)
    kinds = [finding["kind"] for finding in build["root_findings"]]
    assert kinds == ["no_user", "program"]
    course = placed(
        teacher, ROOTED["title"], build_id=build["id"], command="", **{**BARE, "profile": "compat"}
    )
    eventually(
        lambda: not teacher.api("GET", f"/api/builds/{build['id']}/root")["may_start"],
        "the api knows that no machine remaps users",
        60,
    )
    with Student(campus.instance, PUPIL) as student:
        student.open_activity(ROOTED["title"])
        assert refusal(student) == "root_not_approved"
        dashboard = pages.open_dashboard(new_context().new_page(), campus, TEACHER)
        album = Album(dashboard)
        form = f"{campus.app}/dashboard/courses/{course}/technical"
        dashboard.goto(form)
        expect(dashboard.get_by_text("Students cannot start this build yet")).to_be_visible()
        album.take("course-root", TWO)
        dashboard.get_by_role("link", name="Open the build").click()
        expect(dashboard.get_by_text("Start script, line 3")).to_be_visible()
        expect(dashboard.get_by_text("No approval yet")).to_be_visible()
        album.take("image-root", TWO)
        dashboard.get_by_label("Why the image needs root").fill("Pupils make accounts.")
        pages.tab_to(dashboard, dashboard.main_frame, "Ask for approval")
        dashboard.keyboard.press("Enter")
        expect(dashboard.get_by_text("Approval requested")).to_be_visible()

        operator_page.goto(f"{campus.app}/dashboard/operate/root?state=asked")
        row = operator_page.get_by_role("row", name=re.compile(ROOTED["title"]))
        expect(row.get_by_text("Pupils make accounts.")).to_be_visible()
        Album(operator_page).take("operate-root-asked", TWO)
        row.get_by_role("button", name=re.compile("^Approve build 1")).click()
        expect(row).to_be_hidden()
        expect(dashboard.get_by_text(re.compile("approved this build"))).to_be_visible()

        student.start()
        student.await_state("ready")
        environment = student.environment_id
        assert campus.running_tasks(environment)
        revoke(operator_page, campus)
        assert campus.running_tasks(environment), "a revocation ends nothing that runs"
        student.stop()
        student.await_state("stopped")
        assert refusal(student) == "root_not_approved"
        with operators.signed_in(campus.instance) as operator:
            decide(operator, build["id"], "approve")
            newer = build_of(teacher, image)
            path = f"/api/courses/{course}"
            draft = {**draft_of(teacher.api("GET", path)), "build_id": newer["id"]}
            teacher.edit("PUT", path, draft)
            assert refusal(student) == "root_not_approved"
            teacher.api("POST", f"/api/builds/{newer['id']}/root-request", {})
            decide(operator, newer["id"], "approve")
        student.start()
        student.await_state("ready")
        student.stop()
    album.check()


def draft_of(course: dict[str, Any]) -> dict[str, Any]:
    """The draft of this course."""
    names = ("title", "description", "status", "ports", "command", "profile", "resources")
    return {name: course[name] for name in (*names, "work_folder")}


def decide(operator: httpx.Client, build: str, decision: str) -> None:
    answer = operator.put(f"/api/root-approvals/{build}", json={"decision": decision})
    answer.raise_for_status()


def revoke(page: Page, campus: Campus) -> None:
    """Revoke on the page; without a reason it is refused there."""
    page.goto(f"{campus.app}/dashboard/operate/root?state=approved")
    title = re.compile(f"^Revoke .* of {ROOTED['title']}")
    page.get_by_role("button", name=title).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Revoke").click()
    expect(dialog.get_by_text("Say why, in a few words.")).to_be_visible()
    dialog.get_by_label("Reason").fill("A hole was found.")
    dialog.get_by_role("button", name="Revoke").click()
    expect(dialog).to_be_hidden()
