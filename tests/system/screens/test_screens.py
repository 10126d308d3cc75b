"""Every screen, in both languages, light and dark, wide and at 400 px: axe finds nothing, nothing
runs over the edge, and a picture of each is kept in `.state/pictures` (`make screenshots`).

Here the dashboard; the student's window, the ways in, and the servers' own pages have files of
their own, `test_screens_*.py`.
"""

import re
import secrets

from deploy.demo.examples import operators
from playwright.sync_api import Page, expect
from tests.system import pages
from tests.system.campus import Campus, Student, stopped
from tests.system.conftest import TEACHER, NewContext, course_named
from tests.system.screens.album import LOOKS, Album


def dashboard_screens(teacher: Student) -> dict[str, str]:
    """Paths of the teacher's screens."""
    course = course_named(teacher, "Python notebooks")
    draft = {"title": "JupyterLab with pandas", "dockerfile": "FROM debian:12\nRUN true\n"}
    image = teacher.api("POST", "/api/images", draft)["id"]
    return {
        "courses": "/dashboard/courses",
        "course": f"/dashboard/courses/{course}",
        "course-general": f"/dashboard/courses/{course}/general",
        "course-technical": f"/dashboard/courses/{course}/technical",
        "course-sessions": f"/dashboard/courses/{course}/sessions",
        "course-people": f"/dashboard/courses/{course}/people",
        "course-publish": f"/dashboard/courses/{course}/publish",
        "new-course": "/dashboard/courses/new",
        "images": "/dashboard/images",
        "image": f"/dashboard/images/{image}",
        "new-image": "/dashboard/images/new",
        "catalogue": "/dashboard/images/catalogue",
        "calendar": "/dashboard/calendar",
        "not-found": "/dashboard/nowhere",
    }


def test_the_dashboard(campus: Campus, teacher: Student, new_context: NewContext) -> None:
    lms = new_context(reduced_motion="reduce").new_page()
    album = Album(pages.open_dashboard(lms, campus, TEACHER))
    for name, path in dashboard_screens(teacher).items():
        album.page.goto(f"{campus.app}{path}")
        # The preview of a student's window has a heading that nobody reads: it is inert.
        expect(album.page.locator("h1:not([inert] *)")).to_be_visible()
        album.take(name)
    album.check()


OPERATE = ("people", "root", "nodes", "refusals")
"""The operators' screens, by their place below /dashboard/operate."""


def test_the_operators_screens(campus: Campus, new_context: NewContext) -> None:
    album = Album(new_context(reduced_motion="reduce").new_page())
    album.page.goto(f"{campus.app}/lti/launch")  # so that there is a refusal to look at
    album.page.goto(operators.link(campus.instance))
    enter = album.page.get_by_role("button", name="Enter")
    expect(enter).to_be_visible()
    album.keep("operator-link", LOOKS[0])
    album.keep("operator-link", LOOKS[3])
    enter.click()
    album.page.wait_for_url(re.compile("/dashboard"))
    for name in OPERATE:
        album.page.goto(f"{campus.app}/dashboard/operate/{name}")
        expect(album.page.get_by_role("heading", level=1)).to_be_visible()
        expect(album.page.get_by_role("table").first).to_be_visible()
        album.take(f"operate-{name}")
    album.check()


def test_a_build_while_it_runs(campus: Campus, teacher: Student, new_context: NewContext) -> None:
    new = secrets.token_hex(2)  # or the engine's cache would be too quick to be watched
    steps = "".join(f"RUN echo 'installing part {n} of {new}' && sleep 1\n" for n in range(1, 4))
    steps += "RUN sleep 600\n"  # it still runs when both pictures are taken, on any machine
    draft = {"title": "Statistics with R", "dockerfile": f"FROM debian:12\n{steps}"}
    image = teacher.api("POST", "/api/images", draft)["id"]
    lms = new_context(reduced_motion="reduce").new_page()
    page = pages.open_dashboard(lms, campus, TEACHER)
    album = Album(page)
    page.goto(f"{campus.app}/dashboard/images/{image}")
    page.get_by_role("button", name="Build", exact=True).click()
    log = page.get_by_role("log", name="Build log")
    expect(log).to_contain_text(f"\ninstalling part 3 of {new}", timeout=60_000)
    album.keep("build-live", LOOKS[0])
    album.keep("build-live", LOOKS[3])
    page.get_by_role("button", name="Cancel the build").click()
    expect(page.get_by_text("The build was cancelled.").first).to_be_visible()
    album.check()


def test_by_keyboard_alone(campus: Campus, page: Page) -> None:
    """From the activity to a running environment and back, without a pointer."""
    stopped(campus.instance, "lucas-moreau", "OpenSSL")
    window = pages.open_activity(page, campus, "lucas-moreau", "OpenSSL")
    expect(window.get_by_role("button", name=re.compile("^Start"))).to_be_visible()
    pages.tab_to(page, window, "Start")
    page.keyboard.press("Enter")
    pages.await_ready(window)
    pages.tab_to(page, window, "Stop")
    page.keyboard.press("Enter")
    expect(window.get_by_role("dialog")).to_be_visible()
    pages.tab_to(page, window, "Stop it")
    page.keyboard.press("Enter")
    expect(window.get_by_text("Your environment is stopped.")).to_be_visible(timeout=30_000)
