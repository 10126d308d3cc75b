"""A teacher: prepare, plan, publish, and try it as a student. All of it in the browser."""

import re
import secrets
from datetime import datetime, timedelta

from playwright.sync_api import BrowserContext, Frame, Locator, Page, expect

from tests.system import pages
from tests.system.campus import Campus, Student
from tests.system.conftest import TEACHER, NewContext

# Of this run alone, so that it can be repeated on one campus.
MARK = secrets.token_hex(2)
IMAGE, COURSE = f"A page of my own {MARK}", f"Serving web pages {MARK}"
DOCKERFILE = """FROM debian:12
RUN apt-get update && apt-get install -y --no-install-recommends busybox \\
    && rm -rf /var/lib/apt/lists/*
COPY wrapper.sh /usr/local/bin/wrapper.sh
RUN mkdir -p /srv/www && echo '<h1>Bonjour</h1>' > /srv/www/index.html
ENTRYPOINT ["wrapper.sh"]
"""
BROKEN = "FROM debian:12\nRUN echo fine\nRUN ls /nowhere-at-all\n"
WRAPPER = "#!/bin/sh\nset -eu\nexec busybox httpd -f -p 8000 -h /srv/www\n"


def write(editor: Locator, text: str) -> None:
    """Replace the text of an editor, as somebody who pastes."""
    editor.click()
    editor.press("Control+A")
    editor.press("Delete")
    editor.page.keyboard.insert_text(text)


def name_port(page: Page, title: str, number: int) -> None:
    """Say what the one port that a new image comes with is."""
    row = page.get_by_role("group", name=re.compile("^Port")).last
    row.get_by_label("Title").fill(title)
    row.get_by_label("Number").fill(str(number))


def moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")


def test_prepare_plan_publish_and_try(campus: Campus, new_context: NewContext) -> None:
    context = new_context()
    lms = context.new_page()
    dashboard = pages.open_dashboard(lms, campus, TEACHER)
    prepare(dashboard)
    try_build(dashboard, context)
    plan(dashboard)
    publish(lms, campus)
    window = pages.tool_frame(lms)
    pages.start(window)
    mine = pages.open_port(window, context, "My page")
    expect(mine.get_by_role("heading", name="Bonjour")).to_be_visible()
    pages.stop(window)
    as_student(campus, new_context)


def prepare(page: Page) -> None:
    page.get_by_role("navigation", name="Dashboard").get_by_role("link", name="Images").click()
    page.get_by_role("link", name="Create an image").first.click()
    page.get_by_label("Title", exact=True).first.fill(IMAGE)
    write(page.get_by_role("textbox", name=re.compile("^Dockerfile")), BROKEN)
    page.get_by_role("button", name="Save and build").click()
    expect(page.get_by_text("A step ended with an error.").first).to_be_visible(timeout=120_000)
    expect(page.get_by_text("ls /nowhere-at-all").first).to_be_visible()
    expect(page.get_by_text(re.compile("Line 3 of the Dockerfile")).first).to_be_visible()

    page.get_by_role("tab", name="Dockerfile").click()
    write(page.get_by_role("textbox", name=re.compile("^Dockerfile")), DOCKERFILE)
    page.get_by_role("tab", name="Start script").click()
    write(page.get_by_role("textbox", name=re.compile("^Start script")), WRAPPER)
    page.get_by_role("tab", name="Ports").click()
    name_port(page, "My page", 8000)
    page.get_by_role("button", name="Save and build").click()
    log = page.get_by_role("log", name="Build log")
    expect(log.get_by_text(re.compile(r"#\d+ \[2/")).first).to_be_visible(timeout=120_000)
    expect(page.get_by_text("The image is in the registry.").first).to_be_visible(timeout=240_000)
    expect(page.get_by_text(re.compile("sha256:[0-9a-f]{12}")).first).to_be_visible()


def try_build(page: Page, context: BrowserContext) -> None:
    """What was built runs beside its log, and ends at the press of a button."""
    page.get_by_role("button", name="Try this build").click()
    window = page.main_frame
    pages.await_ready(window, 120)
    mine = pages.open_port(window, context, "My page")
    expect(mine.get_by_role("heading", name="Bonjour")).to_be_visible()
    mine.close()
    pages.stop(window)


def plan(page: Page) -> None:
    page.get_by_role("navigation", name="Dashboard").get_by_role("link", name="Courses").click()
    page.get_by_role("link", name="Create a course").first.click()
    page.get_by_label("Title", exact=True).fill(COURSE)
    page.get_by_label("Description").fill("Write a page and look at it.")
    page.get_by_role("button", name="Continue").click()
    choose(page, "Image", re.compile(IMAGE))
    choose(page, "Build", re.compile("Build 2"))
    page.get_by_label("CPU cores per student").fill("0.25")
    page.get_by_label("Memory per student").fill("128")
    page.get_by_role("button", name="Save and go on to the sessions").click()
    page.get_by_role("button", name="Add a session").click()
    dialog = page.get_by_role("dialog")
    now = datetime.now()
    dialog.get_by_label("Name").fill("Lab 1")
    dialog.get_by_role("textbox", name="Students").fill("30")
    dialog.get_by_label("Start", exact=True).fill(moment(now - timedelta(minutes=2)))
    dialog.get_by_label("End", exact=True).fill(moment(now + timedelta(hours=2)))
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Lab 1").first).to_be_visible()
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_text("30 × 0.25 CPU = 7.5 CPU").first).to_be_visible()
    page.get_by_role("button", name="Open to students").click()
    expect(page.get_by_text("Students can open this course.").first).to_be_visible()


def choose(page: Page, label: str, option: re.Pattern[str]) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option).first.click()


def publish(lms: Page, campus: Campus) -> None:
    lms.bring_to_front()
    lms.goto(f"{campus.lms}/as/{TEACHER}/?lang=en")
    lms.get_by_role("link", name="Add an activity").click()
    lms.get_by_role("button", name="Select content").click()
    picker: Frame = pages.tool_frame(lms)
    picker.get_by_role("searchbox").or_(picker.get_by_label("Search courses")).first.fill(COURSE)
    expect(picker.get_by_role("radio")).to_have_count(1)
    picker.get_by_role("radio", name=re.compile(COURSE)).check()
    picker.get_by_role("button", name="Add to the course space").click()
    expect(lms.get_by_label("Activity name")).to_have_value(COURSE)
    lms.get_by_role("button", name="Save and display").click()
    expect(lms.get_by_role("heading", name=COURSE)).to_be_visible()


def as_student(campus: Campus, new_context: NewContext) -> None:
    """What was published is there for a student."""
    page = new_context(locale="fr-FR").new_page()
    page.goto(f"{campus.lms}/as/amina-benali/?lang=fr")
    page.get_by_role("link", name=re.compile(COURSE)).click()
    window = pages.tool_frame(page)
    expect(window.get_by_text("Votre environnement est prêt à démarrer.")).to_be_visible()
    with Student(campus.instance, "amina-benali") as student:
        student.open_activity(COURSE)
        assert student.window()["session"]["title"] == "Lab 1"
