"""Two tabs of one teacher: the second to save is asked, and nothing is overwritten unseen."""

import re
import secrets

from playwright.sync_api import BrowserContext, Locator, Page, expect
from tests.system import pages
from tests.system.campus import Campus, Student
from tests.system.conftest import TEACHER, NewContext
from tests.system.courses import new_course, session
from tests.system.screens.album import TWO, Album

CHANGED = "Another version was saved"


def two_tabs(campus: Campus, context: BrowserContext, path: str) -> tuple[Page, Page]:
    """The same page twice, of one person in one browser."""
    first = pages.open_dashboard(context.new_page(), campus, TEACHER)
    second = context.new_page()
    for page in (first, second):
        page.goto(f"{campus.app}{path}")
    return first, second


def save(page: Page) -> None:
    # Where the campus has too little room, a session's button says so.
    page.get_by_role("button", name=re.compile(r"^Save( and ask for room)?$")).click()


def saved(page: Page) -> None:
    save(page)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def asked(page: Page) -> Locator:
    dialog = page.get_by_role("dialog", name=CHANGED)
    expect(dialog).to_be_visible()
    return dialog


def value(dialog: Locator, field: str, version: str) -> Locator:
    return dialog.get_by_role("region", name=f"{field}, {version}")


def pictures(album: Album) -> None:
    """The dialog in both languages and widths; closing it keeps what was written."""
    button = album.page.get_by_role("button", name=re.compile("^(Save|Enregistrer)$"))
    album.take("edit-conflict-course", TWO, button.click)
    album.check()


def test_a_course_in_two_tabs(campus: Campus, teacher: Student, new_context: NewContext) -> None:
    mark = secrets.token_hex(2)
    course = new_course(teacher, f"Two tabs {mark}", status="draft")
    path = f"/dashboard/courses/{course}/general"
    first, second = two_tabs(campus, new_context(reduced_motion="reduce"), path)
    for page in (first, second):
        expect(page.get_by_label("Title")).to_have_value(f"Two tabs {mark}")
    second.get_by_label("Title").fill(f"Mine {mark}")
    first.get_by_label("Title").fill(f"Theirs {mark}")
    first.get_by_label("Description").fill("Written in the first tab.")
    saved(first)

    pictures(Album(second))
    save(second)
    dialog = asked(second)
    expect(value(dialog, "Title", "What you wrote")).to_have_text(f"Mine {mark}")
    expect(value(dialog, "Title", "What is saved now")).to_have_text(f"Theirs {mark}")
    expect(dialog.get_by_text("kept as saved: Description.")).to_be_visible()
    now = teacher.api("GET", f"/api/courses/{course}")
    assert now["title"] == f"Theirs {mark}"

    second.keyboard.press("Escape")
    expect(second.get_by_label("Title")).to_have_value(f"Mine {mark}")
    save(second)
    dialog = asked(second)
    expect(dialog.get_by_role("button", name="Go on editing")).to_be_focused()
    second.keyboard.press("Tab")
    second.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name="Save mine over it")).to_be_focused()
    second.keyboard.press("Enter")
    expect(second.get_by_text("Saved", exact=True)).to_be_visible()
    now = teacher.api("GET", f"/api/courses/{course}")
    assert (now["title"], now["description"]) == (f"Mine {mark}", "Written in the first tab.")

    # The first tab has no unsaved changes: it shows what the second one saved.
    expect(first.get_by_label("Title")).to_have_value(f"Mine {mark}")
    teacher.edit("DELETE", f"/api/courses/{course}")


def test_an_image_in_two_tabs(campus: Campus, teacher: Student, new_context: NewContext) -> None:
    mark = secrets.token_hex(2)
    lines = "".join(f"RUN echo {number}\n" for number in range(30))
    draft = {"title": f"Two tabs {mark}", "dockerfile": f"FROM debian:12\n{lines}"}
    image = teacher.api("POST", "/api/images", draft)["id"]
    path = f"/dashboard/images/{image}?section=dockerfile"
    first, second = two_tabs(campus, new_context(reduced_motion="reduce"), path)
    for page, text in ((second, "mine"), (first, "theirs")):
        editor = page.get_by_role("textbox", name="Dockerfile")
        editor.click()
        page.keyboard.press("Control+End")
        page.keyboard.insert_text(f"RUN echo {text}\n")
    saved(first)

    save(second)
    dialog = asked(second)
    shown = value(dialog, "Dockerfile", "What is saved now")
    expect(shown).to_contain_text("RUN echo theirs")
    expect(shown).not_to_contain_text("FROM debian")
    dialog.get_by_role("button", name="Keep the saved version").click()
    expect(second.get_by_role("textbox", name="Dockerfile")).to_contain_text("RUN echo theirs")
    dockerfile = teacher.api("GET", f"/api/images/{image}")["dockerfile"]
    assert "RUN echo theirs" in dockerfile
    assert "RUN echo mine" not in dockerfile
    teacher.edit("DELETE", f"/api/images/{image}")


def test_a_session_in_two_tabs(campus: Campus, teacher: Student, new_context: NewContext) -> None:
    mark = secrets.token_hex(2)
    course = new_course(teacher, f"Two tabs {mark}", status="draft")
    planned = teacher.api("POST", f"/api/courses/{course}/sessions", session(60, begin=30))
    path = f"/dashboard/courses/{course}/sessions"
    first, second = two_tabs(campus, new_context(reduced_motion="reduce"), path)
    for page in (first, second):
        page.get_by_role("button", name="Change").first.click()
    second.get_by_role("textbox", name="Students").fill("12")
    first.get_by_role("textbox", name="Students").fill("40")
    save(first)
    expect(first.get_by_role("dialog")).to_have_count(0)

    save(second)
    dialog = asked(second)
    expect(value(dialog, "Students", "What you wrote")).to_have_text("12")
    expect(value(dialog, "Students", "What is saved now")).to_have_text("40")
    dialog.get_by_role("button", name="Go on editing").click()
    expect(second.get_by_role("textbox", name="Students")).to_have_value("12")
    save(second)
    asked(second).get_by_role("button", name="Save mine over it").click()
    expect(second.get_by_role("dialog")).to_have_count(0)
    assert teacher.api("GET", f"/api/sessions/{planned['id']}")["students"] == 12
    teacher.edit("DELETE", f"/api/courses/{course}")
