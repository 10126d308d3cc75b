"""A student is removed from the LMS's course and enrolled again, before her eyes."""

import re

from playwright.sync_api import Page, expect
from tests.support.waiting import eventually
from tests.system import pages
from tests.system.campus import Campus, Student, stopped
from tests.system.conftest import NewContext, course_named

NOTEBOOKS = "Python notebooks"
STUDENT, NAME = "maya-nguyen", "Maya Nguyen"


REMOVE, ENROL = "Remove from the course", "Enrol again"


def change_enrolment(lms: Page, campus: Campus, button: str) -> None:
    """The teacher presses a button beside the student on the LMS's page of participants."""
    other = ENROL if button == REMOVE else REMOVE
    lms.goto(f"{campus.lms}/as/claire-fontaine/participants?lang=en")
    lms.get_by_role("button", name=f"{button} {NAME}").click()
    expect(lms.get_by_role("button", name=f"{other} {NAME}")).to_be_visible()


def test_rights_end_on_the_open_page_and_come_back_with_the_enrolment(
    campus: Campus, teacher: Student, new_context: NewContext
) -> None:
    """The list of the LMS is read every few minutes, and when the teacher asks for it."""
    stopped(campus.instance, STUDENT, NOTEBOOKS)
    people = f"/api/courses/{course_named(teacher, NOTEBOOKS)}/people"
    lms, context = new_context().new_page(), new_context()
    page = context.new_page()
    window = pages.open_activity(page, campus, STUDENT, NOTEBOOKS)
    pages.start(window)
    _, password = pages.shown_credentials(window)
    jupyter = pages.open_port(window, context, "JupyterLab")

    def is_listed() -> bool:
        """Asks for the LMS's list; within half a minute it is not read again."""
        teacher.api("POST", f"{people}/sync")
        items = teacher.api("GET", people, search="Nguyen")["items"]
        return any(person["listed"] for person in items)

    eventually(is_listed, "the LMS's list names her", 60, pause=2)
    change_enrolment(lms, campus, REMOVE)
    try:
        eventually(lambda: not is_listed(), "the LMS's list names her no more", 60, pause=2)
        expect(
            window.get_by_role("heading", name="You have no access to this page")
        ).to_be_visible()
        expect(window.get_by_role("button", name="Open JupyterLab")).to_have_count(0)
        assert password not in window.content()
        jupyter.reload()
        expect(jupyter.get_by_role("button", name="Open JupyterLab")).to_have_count(0)
        assert "JupyterLab" not in jupyter.title()
        page.goto(f"{campus.lms}/as/{STUDENT}/?lang=en")
        expect(page.get_by_text("You are not enrolled in this course.")).to_be_visible()
    finally:
        change_enrolment(lms, campus, ENROL)

    again = pages.open_activity(page, campus, STUDENT, NOTEBOOKS)
    expect(again.get_by_text(re.compile("You have access again"))).to_be_visible()
    pages.start(again)
    pages.stop(again)
    eventually(is_listed, "the LMS's list names her again", 60, pause=2)
