"""The ways in, and the tickets that open nothing: pictures, axe, and the words."""

import json
import re
import secrets

import pytest
from deploy.machine.failures import CannotStart
from playwright.sync_api import BrowserContext, Frame, Page, Request, Route, expect
from tests.system import pages
from tests.system.campus import Campus, Student
from tests.system.conftest import TEACHER, NewContext
from tests.system.courses import OPENSSL, new_course, placed
from tests.system.screens.album import FIRST, LOOKS, TWO, Album

from mydocker_lti.domain.random_secrets import digest

TICKETS = "**/lti/tickets"
OPEN_AGAIN = "Open the activity again from your course."


@pytest.fixture
def album(new_context: NewContext) -> Album:
    return Album(new_context(reduced_motion="reduce").new_page())


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1, name=re.compile(words))).to_be_visible()


def test_the_picker(campus: Campus, album: Album) -> None:
    page = album.page
    page.goto(f"{campus.lms}/as/{TEACHER}/content/launch?lang=en")
    heading(page, "Choose")
    page.get_by_role("radio", name=re.compile("OpenSSL: ")).check()
    album.take("picker")
    page.get_by_role("searchbox").fill("nothing like this")
    expect(page.get_by_role("radio")).to_have_count(0)
    album.take("picker-no-match", FIRST)
    page.goto(f"{campus.lms}/as/{TEACHER}/activities/new?lang=en")
    page.get_by_role("button", name="Select content").click()
    picker = pages.tool_frame(page)
    expect(picker.get_by_role("radio", name=re.compile("OpenSSL: "))).to_be_visible()
    album.keep("picker-in-lms", LOOKS[0])
    album.keep("picker-in-lms", LOOKS[3])
    album.check()


def test_choosing_by_keyboard_alone(campus: Campus, teacher: Student, album: Album) -> None:
    """From the LMS's form through the picker and back, without a pointer."""
    title, page = f"By keyboard {secrets.token_hex(2)}", album.page
    new_course(teacher, title)
    page.goto(f"{campus.lms}/as/{TEACHER}/activities/new?lang=en")
    pages.tab_to(page, page.main_frame, "Select content")
    page.keyboard.press("Enter")
    picker = pages.tool_frame(page)
    expect(picker.get_by_role("searchbox")).to_be_visible()
    pages.tab_to(page, picker, "INPUT")
    page.keyboard.type(title)
    expect(picker.get_by_role("radio")).to_have_count(1)
    for _ in range(5):
        page.keyboard.press("Tab")
        if picker.evaluate("document.activeElement.type") == "radio":
            break
    page.keyboard.press("Space")
    expect(picker.get_by_role("radio")).to_be_checked()
    pages.tab_to(page, picker, "Add to the course space")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Activity name")).to_have_value(title)
    pages.tab_to(page, page.main_frame, "Save and display")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def test_a_course_made_on_the_way_is_there_to_choose(campus: Campus, album: Album) -> None:
    """From the LMS's dialog into the dashboard, and back to choosing what was made there."""
    title, page = f"On the way {secrets.token_hex(2)}", album.page
    page.goto(f"{campus.lms}/as/{TEACHER}/activities/new?lang=en")
    page.get_by_role("button", name="Select content").click()
    tool = pages.tool_frame(page)
    tool.get_by_role("link", name="Create a course").click()
    tool.get_by_label("Title", exact=True).fill(title)
    tool.get_by_role("button", name="Continue").click()
    chosen(tool, "Image", "OpenSSL")
    tool.get_by_role("button", name="Save and go on to the sessions").click()
    # The way back is on each page: before the save is done as after.
    tool.wait_for_url(re.compile(r"/sessions(\?|$)"))
    tool.get_by_role("link", name="Back to choosing content").click()
    tool.get_by_role("searchbox").fill(title)
    expect(tool.get_by_role("radio", name=re.compile(title))).to_be_disabled()
    album.keep("picker-not-ready", LOOKS[0])
    tool.get_by_role("link", name="Open to students").click()
    tool.get_by_role("button", name="Open to students").click()
    expect(tool.get_by_role("button", name="Open to students")).to_be_hidden()
    tool.get_by_role("link", name="Back to choosing content").click()
    tool.get_by_role("searchbox").fill(title)
    expect(tool.get_by_role("radio")).to_have_count(1)
    tool.get_by_role("radio", name=re.compile(title)).check()
    tool.get_by_role("button", name="Add to the course space").click()
    expect(page.get_by_label("Activity name")).to_have_value(title)


def chosen(tool: Frame, label: str, option: str) -> None:
    tool.get_by_role("combobox", name=label, exact=True).click()
    tool.get_by_role("option", name=re.compile(option)).first.click()


def test_an_activity_without_a_course(campus: Campus, teacher: Student, album: Album) -> None:
    title = "Chosen later"
    teacher.choose_content()
    teacher.add_bare_activity(title)
    page = album.page
    with Student(campus.instance, "amina-benali") as student:
        page.goto(student.launch_url(title))
        heading(page, "Nothing here yet")
        album.take("nothing-yet")
    page.goto(teacher.launch_url(title))
    heading(page, "Which course does this activity open")
    page.get_by_role("radio", name=re.compile("OpenSSL: ")).check()
    album.take("bind")
    page.get_by_role("button", name="Use this course").click()
    heading(page, OPENSSL)
    with Student(campus.instance, "amina-benali") as student:
        student.open_activity(title)
        assert student.course_id
    album.check()


def test_an_activity_that_names_an_unknown_course_says_so(
    campus: Campus, teacher: Student, album: Album
) -> None:
    course = placed(teacher, "Soon deleted")
    teacher.edit("DELETE", f"/api/courses/{course}")
    with Student(campus.instance, "lucas-moreau") as student:
        album.page.goto(student.launch_url("Soon deleted"))
    heading(album.page, "This activity opens nothing")
    album.take("unknown-course")
    album.check()


def test_an_expired_ticket_says_so(campus: Campus, album: Album) -> None:
    """Somebody's page takes longer than a minute to load: here the ticket is aged instead."""
    page, held = album.page, list[Route]()
    page.route(TICKETS, lambda route: held.append(route))
    with Student(campus.instance, "amina-benali") as student:
        page.goto(student.launch_url(OPENSSL))
    heading(page, "Opening your activity")
    album.take("entering")
    assert "ticket" not in page.url
    ticket = digest(ticket_of(held[0].request))
    aged = "UPDATE lti.tickets SET expires_at = now() - interval '1 second'"
    campus.sql(f"{aged} WHERE ticket = '{ticket}'")
    held[0].continue_()
    expect(page.get_by_text("valid for one minute only")).to_be_visible()
    expect(page.get_by_text(OPEN_AGAIN)).to_be_visible()
    album.take("ticket-expired")
    album.check()


def ticket_of(request: Request) -> str:
    return str(json.loads(request.post_data or "")["ticket"])


def test_a_used_or_foreign_ticket_opens_nothing(
    campus: Campus, album: Album, new_context: NewContext
) -> None:
    page, spent = album.page, list[str]()
    page.on("request", lambda request: spent.extend(tickets_in(request)))
    with Student(campus.instance, "amina-benali") as student:
        page.goto(student.launch_url(OPENSSL))
        expect(page.locator("[data-tone]").first).to_be_visible()
        with pytest.raises(CannotStart, match="ticket_used"):
            student._use_ticket(spent[0])
    page.goto(f"{campus.app}/enter#ticket={spent[0]}")
    expect(page.get_by_text("has already been used")).to_be_visible()
    expect(page.get_by_text(OPEN_AGAIN)).to_be_visible()
    assert "ticket" not in page.url
    album.take("ticket-used", TWO)
    album.check()
    # In another browser a ticket is worth nothing, used or not.
    stranger(new_context(), f"{campus.app}/enter#ticket={spent[0]}", "has already been used")
    page.route(TICKETS, lambda route: route.abort())
    with (
        Student(campus.instance, "amina-benali") as student,
        page.expect_request(TICKETS) as unspent,
    ):
        page.goto(student.launch_url(OPENSSL))
    ticket = ticket_of(unspent.value)
    stranger(new_context(), f"{campus.app}/enter#ticket={ticket}", "is not known here")
    stranger(new_context(), f"{campus.app}/enter", "You were signed out")


def tickets_in(request: Request) -> list[str]:
    return [ticket_of(request)] if request.url.endswith("/lti/tickets") else []


def stranger(context: BrowserContext, url: str, words: str) -> None:
    album = Album(context.new_page())
    album.page.goto(url)
    expect(album.page.get_by_text(words)).to_be_visible()
    expect(album.page.get_by_text(OPEN_AGAIN)).to_be_visible()
    album.take("ticket-unknown" if "ticket" in url else "visit-over", TWO)
    album.check()
