"""Every screen, in both languages, light and dark, wide and at 400 px: axe finds nothing, nothing
runs over the edge, and a picture of each is kept in `.state/pictures` (`make screenshots`)."""

import itertools
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from deploy.demo.instance import ROOT
from playwright.sync_api import Frame, Page, expect

from tests.system import pages
from tests.system.campus import Campus, Student, stopped
from tests.system.conftest import TEACHER, NewContext, course_named

PICTURES = ROOT / ".state" / "pictures"
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 400, "height": 800}
LOOKS = [("en", "light", WIDE), ("fr", "dark", WIDE), ("fr", "light", NARROW)]


@dataclass(frozen=True)
class Look:
    """One way of looking at a page."""

    language: str
    scheme: str
    size: dict[str, int]

    @property
    def name(self) -> str:
        return f"{self.language}-{self.scheme}-{self.size['width']}"


def keep_and_check(page: Page, look: Look, name: str, problems: list[str]) -> None:
    """A picture, then what axe and the eye at 400 px would say."""
    page.wait_for_timeout(300)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}-{look.name}.png")
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if over > 0:
        problems.append(f"{name} {look.name}: {over} px over the edge")
    source = AXE.read_text(encoding="utf-8")
    problems += [f"{name} {look.name}: {one}" for one in pages.axe(page, source)]


def dashboard_screens(teacher: Student) -> dict[str, str]:
    """Paths of the teacher's screens."""
    course = course_named(teacher, "Python notebooks")
    image = teacher.api("GET", "/api/images", search="JupyterLab")["items"][0]["id"]
    return {
        "courses": "/dashboard/courses",
        "course": f"/dashboard/courses/{course}",
        "course-general": f"/dashboard/courses/{course}/general",
        "course-technical": f"/dashboard/courses/{course}/technical",
        "course-sessions": f"/dashboard/courses/{course}/sessions",
        "course-publish": f"/dashboard/courses/{course}/publish",
        "new-course": "/dashboard/courses/new",
        "images": "/dashboard/images",
        "image": f"/dashboard/images/{image}",
        "new-image": "/dashboard/images/new",
        "catalogue": "/dashboard/images/catalogue",
        "calendar": "/dashboard/calendar",
        "not-found": "/dashboard/nowhere",
    }


def as_seen(new_context: NewContext, look: Look) -> Page:
    locale = {"en": "en-GB", "fr": "fr-FR"}[look.language]
    return new_context(locale=locale, color_scheme=look.scheme, viewport=look.size).new_page()


@pytest.mark.parametrize("look", [Look(*look) for look in LOOKS], ids=lambda look: look.name)
def test_the_dashboard(
    campus: Campus, teacher: Student, new_context: NewContext, look: Look
) -> None:
    screens = dashboard_screens(teacher)
    page = as_seen(new_context, look)
    page.goto(f"{campus.lms}/as/{TEACHER}/?lang={look.language}")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("MyDocker")).last.click()
    dashboard = opened.value
    expect(dashboard.get_by_role("heading", level=1)).to_be_visible()
    problems: list[str] = []
    for name, path in screens.items():
        dashboard.goto(f"{campus.app}{path}")
        expect(dashboard.get_by_role("heading", level=1)).to_be_visible()
        keep_and_check(dashboard, look, name, problems)
    assert not problems, "\n".join(problems)


STATES: dict[str, Callable[[Student], object]] = {
    "not-started": lambda student: None,
    "starting": lambda student: student.start(),
    "ready": lambda student: student.await_state("ready"),
    "stopped": lambda student: (student.stop(), student.await_state("stopped")),
}


@pytest.mark.parametrize("look", [Look(*look) for look in LOOKS], ids=lambda look: look.name)
def test_the_students_window(campus: Campus, new_context: NewContext, look: Look) -> None:
    person = "amina-benali"
    stopped(campus.instance, person, "OpenSSL")
    page = as_seen(new_context, look)
    problems: list[str] = []
    with Student(campus.instance, person) as student:
        student.open_activity("OpenSSL")
        # In its own tab, where axe sees the whole page.
        page.goto(student.launch_url("OpenSSL"))
        expect(page.locator("[data-tone]").first).to_be_visible()
        for name, act in STATES.items():
            act(student)
            page.reload()
            expect(page.locator("[data-tone]").first).to_be_visible()
            keep_and_check(page, look, f"window-{name}", problems)
    assert not problems, "\n".join(problems)


def test_the_lms(campus: Campus, new_context: NewContext) -> None:
    problems: list[str] = []
    for look, path in itertools.product(
        [Look(*look) for look in LOOKS], ["/", "/as/amina-benali/", f"/as/{TEACHER}/activities/new"]
    ):
        page = as_seen(new_context, look)
        page.goto(f"{campus.lms}{path}?lang={look.language}")
        name = "lms" + path.replace("/", "-").rstrip("-")
        keep_and_check(page, look, name, problems)
    assert not problems, "\n".join(problems)


def test_the_window_in_the_lms(campus: Campus, new_context: NewContext) -> None:
    stopped(campus.instance, "amina-benali", "Python notebooks")
    look, problems = Look("en", "light", WIDE), list[str]()
    page = as_seen(new_context, look)
    window = pages.open_activity(page, campus, "amina-benali", "Python notebooks")
    pages.start(window)
    keep_and_check(page, look, "window-in-lms", problems)
    pages.stop(window)
    assert not problems, "\n".join(problems)


def test_a_build_while_it_runs(campus: Campus, teacher: Student, new_context: NewContext) -> None:
    new = secrets.token_hex(2)  # or the engine's cache would be too quick to be watched
    steps = "".join(f"RUN echo 'installing part {n} of {new}' && sleep 1\n" for n in range(1, 9))
    draft = {"title": "Statistics with R", "dockerfile": f"FROM debian:12\n{steps}"}
    image = teacher.api("POST", "/api/images", draft)["id"]
    look, problems = Look("en", "light", WIDE), list[str]()
    page = pages.open_dashboard(as_seen(new_context, look), campus, TEACHER)
    page.goto(f"{campus.app}/dashboard/images/{image}")
    page.get_by_role("button", name="Build", exact=True).click()
    log = page.get_by_role("log", name="Build log")
    expect(log).to_contain_text(f"\ninstalling part 3 of {new}", timeout=60_000)
    keep_and_check(page, look, "build-live", problems)
    page.get_by_role("button", name="Cancel the build").click()
    expect(page.get_by_text("The build was cancelled.").first).to_be_visible()
    assert not problems, "\n".join(problems)


def test_by_keyboard_alone(campus: Campus, page: Page) -> None:
    """From the activity to a running environment and back, without a pointer."""
    stopped(campus.instance, "lucas-moreau", "OpenSSL")
    window = pages.open_activity(page, campus, "lucas-moreau", "OpenSSL")
    expect(window.get_by_role("button", name=re.compile("^Start"))).to_be_visible()
    tab_to(page, window, "Start")
    page.keyboard.press("Enter")
    pages.await_ready(window)
    tab_to(page, window, "Stop")
    page.keyboard.press("Enter")
    expect(window.get_by_role("dialog")).to_be_visible()
    tab_to(page, window, "Stop it")
    page.keyboard.press("Enter")
    expect(window.get_by_text("Your environment is stopped.")).to_be_visible(timeout=30_000)


_FOCUSED = """(() => { const at = document.activeElement
  return at && at !== document.body ? at.innerText.trim() || at.tagName : '' })()"""


def tab_to(page: Page, window: Frame, name: str) -> None:
    """Press Tab until the focus is on the button whose words begin with `name`."""
    seen: list[str] = []
    for _ in range(60):
        focused = window.evaluate(_FOCUSED)
        if focused.startswith(name):
            return
        seen.append(focused or page.evaluate(_FOCUSED))
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {name!r}, only {seen}")
