"""Sessions that are not open yet, or end: what the page does by itself, and what is refused."""

import re

import pytest
from deploy.machine.failures import CannotStart
from playwright.sync_api import Page, expect
from tests.support.waiting import eventually
from tests.system import pages
from tests.system.campus import Campus, Student
from tests.system.courses import new_course, session


def test_a_session_that_is_not_open_yet_wakes_up_by_itself(
    campus: Campus, teacher: Student, page: Page
) -> None:
    course = new_course(teacher, "Opens soon")
    teacher.api("POST", f"/api/courses/{course}/sessions", session(60, begin=0.4))
    teacher.publish(course)
    window = pages.open_activity(page, campus, "amina-benali", "Opens soon")
    expect(window.get_by_text(re.compile("The session opens"))).to_be_visible()
    expect(window.get_by_role("button", name="Start")).to_be_disabled()
    with Student(campus.instance, "amina-benali") as student:
        student.open_activity("Opens soon")
        with pytest.raises(CannotStart, match="session_not_open"):
            student.start()
    expect(window.get_by_text("Your environment is ready to start.")).to_be_visible(timeout=40_000)
    pages.start(window)
    pages.stop(window)


def test_the_end_of_a_session_warns_then_stops(
    campus: Campus, teacher: Student, page: Page
) -> None:
    course = new_course(teacher, "Ends soon")
    teacher.api("POST", f"/api/courses/{course}/sessions", session(0.6))
    teacher.publish(course)
    window = pages.open_activity(page, campus, "amina-benali", "Ends soon")
    pages.start(window)
    expect(window.get_by_text(re.compile("Stops in less than a minute"))).to_be_visible()
    expect(window.get_by_text("Your work folder is kept.").first).to_be_visible()
    expect(window.get_by_text(re.compile("The session is over"))).to_be_visible(timeout=60_000)
    with Student(campus.instance, "amina-benali") as student:
        student.open_activity("Ends soon")
        with pytest.raises(CannotStart, match="session_over"):
            student.start()
        eventually(lambda: not campus.services_of(student.environment_id), "its service is gone")
