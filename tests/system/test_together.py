"""A class together: a join link down to the page it names, and a live room where one needs help."""

import re
import secrets
from typing import Any

from playwright.sync_api import Page, expect

from tests.system import pages
from tests.system.campus import Campus, Student
from tests.system.conftest import TEACHER, NewContext, course_named
from tests.system.courses import BARE, SILENT, built, new_course

# Of this run alone, so that it can be repeated on one campus.
MARK = secrets.token_hex(2)
NOTEBOOKS, WAITS, ENDS = "Python notebooks", "sh -c 'exec sleep 600'", "true"


def test_a_join_link_leads_to_the_page_it_names(
    campus: Campus, teacher: Student, page: Page
) -> None:
    """Nbgitpuller-style: `/join/CODE/user-redirect/PATH` joins, starts and opens that path."""
    model = teacher.api("GET", f"/api/courses/{course_named(teacher, NOTEBOOKS)}")
    same = {name: model[name] for name in ("build_id", "ports", "command", "profile")}
    course = new_course(teacher, f"Joined by a link {MARK}", **same)
    link = teacher.api("PUT", f"/api/courses/{course}/join-link", {})["link"]
    page.goto(f"{campus.lms}/as/lucas-moreau/?lang=en")
    with Student(campus.instance, "lucas-moreau") as lucas:
        page.goto(lucas.launch_url(NOTEBOOKS))  # a session of a tab of its own
    page.wait_for_url(re.compile(re.escape(campus.app) + ".*/window"))
    page.goto(f"{link['url']}/user-redirect/lab/tree/work")
    page.wait_for_url(re.compile(r"\.env\.localhost:\d+/lab/tree/work"), timeout=90_000)
    expect(page.locator("#jp-main-dock-panel").first).to_be_visible(timeout=60_000)
    page.goto(f"{campus.app}/courses/{course}/window")
    pages.stop(page.main_frame)


def test_one_of_a_class_is_stuck_helped_and_all_are_extended(
    campus: Campus, teacher: Student, new_context: NewContext
) -> None:
    build = built(teacher, {**SILENT, "title": f"Room {MARK}", "ports": []})
    course = new_course(
        teacher,
        f"Live room {MARK}",
        **{**BARE, "build_id": build["id"], "command": WAITS, "lease": {"minutes": 30}},
    )
    teacher.publish(course)
    with Student(campus.instance, "amina-benali") as amina:
        amina.open_activity(f"Live room {MARK}")
        amina.start()
        amina.await_state("ready")
        change(teacher, course, command=ENDS)
        with Student(campus.instance, "lucas-moreau") as lucas:
            lucas.open_activity(f"Live room {MARK}")
            lucas.start()
            lucas.await_state("stopped", "failed")
            change(teacher, course, command=WAITS)
            room = pages.open_dashboard(new_context().new_page(), campus, TEACHER)
            room.goto(f"{campus.app}/dashboard/courses/{course}/room")
            help_lucas(room)
            lucas.await_state("ready")
            before = amina.window()["ends_at"]
            extend_all(room)
            assert amina.window()["ends_at"] > before
            lucas.stop()
        amina.stop()


def change(teacher: Student, course: str, **changes: Any) -> None:
    """Edit a Course as the form does."""
    now = teacher.api("GET", f"/api/courses/{course}")
    names = ("title", "status", "build_id", "ports", "profile", "work_folder", "lease", "resources")
    draft = {**{name: now[name] for name in names}, **changes}
    teacher.edit("PUT", f"/api/courses/{course}", draft)


def help_lucas(room: Page) -> None:
    expect(room.get_by_text("1 needs help")).to_be_visible()
    first = room.get_by_role("row").nth(1)
    expect(first).to_contain_text("Lucas")
    expect(first).to_contain_text("Its main program ended by itself.")
    first.get_by_role("button", name=re.compile("^Act")).click()
    dialog = room.get_by_role("dialog")
    dialog.get_by_label("Message").fill("It works again.")
    dialog.get_by_role("button", name="Send the message").click()
    dialog.get_by_role("button", name="Start", exact=True).click()
    room.keyboard.press("Escape")
    expect(room.get_by_text("Nobody needs help.")).to_be_visible(timeout=60_000)
    expect(room.get_by_text("2 running")).to_be_visible(timeout=60_000)


def extend_all(room: Page) -> None:
    room.get_by_role("button", name="Extend everyone").click()
    room.get_by_role("dialog").get_by_role("button", name="Extend everyone").click()
    expect(room.get_by_text("2 environments extended.")).to_be_visible()
