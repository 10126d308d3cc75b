"""A Linux desktop, from the catalogue to the file that is left in the work folder."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.support.waiting import eventually
from tests.system import pages
from tests.system.campus import Campus, Student, stopped
from tests.system.conftest import NewContext
from tests.system.desktops import (
    BUILD_SECONDS,
    DESKTOP,
    PORT,
    TITLE,
    Screen,
    banner,
    container_of,
    kept_file,
    publish_desktop,
)
from tests.system.own_campus import UP_SECONDS
from tests.system.shell import tunnel_by_ssh

PERSON = "hugo-lefevre"
FILE = "/home/student/work/typed.txt"
NEAR = 15901
"""Where the test's own end of the tunnel is."""
RFB = b"RFB 003.008\n"


@pytest.fixture
def student(campus: Campus, teacher: Student) -> Iterator[Student]:
    """Who has the desktop's activity before them, and no environment of it."""
    publish_desktop(teacher)
    stopped(campus.instance, PERSON, DESKTOP)
    with Student(campus.instance, PERSON) as student:
        student.open_activity(DESKTOP)
        yield student


@pytest.mark.timeout(UP_SECONDS + BUILD_SECONDS)
def test_a_student_works_on_a_desktop_and_finds_the_work_again(
    campus: Campus, student: Student, new_context: NewContext
) -> None:
    context = new_context()
    lms = context.new_page()
    window = pages.open_activity(lms, campus, PERSON, DESKTOP)
    pages.start(window)
    username, password = pages.shown_credentials(window)
    page = pages.open_port(window, context, TITLE)
    screen = Screen(page)
    screen.is_drawn()
    page.set_viewport_size({"width": 1000, "height": 700})
    screen.is_drawn()

    screen.open_terminal()  # it begins in the work folder
    screen.type("echo 'kept: é@€' > typed.txt\n", context.new_cdp_session(page))
    container = container_of(campus, student)
    written = eventually(lambda: kept_file(campus, container, FILE), "a file was written")
    assert written == "kept: é@€\n"
    _holds_back(campus, container, password)
    _opens_for_clients(campus, student, username, password)

    lms.bring_to_front()
    pages.stop(window)
    page.bring_to_front()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your environment is stopped")
    lms.bring_to_front()
    pages.start(window)
    page.bring_to_front()
    expect(page).to_have_title("Desktop", timeout=20_000)  # by itself
    screen.is_drawn()
    assert kept_file(campus, container_of(campus, student), FILE) == written
    student.stop()


def _holds_back(campus: Campus, container: str, password: str) -> None:
    """The profile `strict`, and a password that nobody reads among the processes."""
    with campus.engine() as docker:
        about = docker.get(f"/containers/{container}/json")
        running = str(docker.get(f"/containers/{container}/top", ps_args="-eo pid,args"))
    assert about["HostConfig"]["ReadonlyRootfs"]
    assert about["Config"]["User"] == "1000:1000"
    assert "Xtigervnc" in running
    assert password[:8] not in running


def _opens_for_clients(campus: Campus, student: Student, username: str, password: str) -> None:
    """For clients of a person's own: at the card's address, and by a tunnel of the bastion's."""
    (card,) = student.window()["connections"]
    assert banner(card["host_port"]) == RFB
    login = f"-p {campus.instance.ports.ssh} {username}@localhost"
    with tunnel_by_ssh(f"ssh -N -L {NEAR}:localhost:{PORT} {login}", password, NEAR):
        assert banner(NEAR) == RFB
