"""The student's window in each of its states, on the real Swarm: pictures, axe, and the words.

Each test is also what the page promises in that state: what happened, what comes next, one act.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from deploy.demo.examples.seed import approve_root
from playwright.sync_api import Page, expect
from tests.support.waiting import eventually
from tests.system import pages
from tests.system.campus import Campus, Student, stopped
from tests.system.conftest import TEACHER, NewContext
from tests.system.courses import BARE, SILENT, built, empty_registry, new_course, placed, session
from tests.system.own_campus import DISK_MIB
from tests.system.screens.album import FIRST, LOOKS, TWO, Album

REFERENCE = re.compile(r"^[2-9A-Z]{4}-[2-9A-Z]{4}$")
FILLS = f"""FROM debian:12
CMD ["sh", "-c", "head -c {DISK_MIB + 64}M /dev/zero > /var/big; exec sleep 600"]
"""
LARGEST = 8
"""Cores of the largest Course that the platform allows."""


@dataclass
class Seat:
    """A student in front of the window of one activity, in a tab of its own (axe sees it all)."""

    student: Student
    page: Page
    album: Album

    def sees(self, text: str, seconds: float = 30) -> None:
        matching = self.page.get_by_text(re.compile(text)).first
        expect(matching).to_be_visible(timeout=seconds * 1000)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def opens(self, english: str, french: str) -> None:
        """Press the button of that name in the language of the page."""
        self.page.get_by_role("button", name=re.compile(f"^({english}|{french})$")).click()
        expect(self.page.get_by_role("dialog")).to_be_visible()


@contextmanager
def seated(campus: Campus, new_context: NewContext, person: str, title: str) -> Iterator[Seat]:
    page = new_context(reduced_motion="reduce").new_page()
    with Student(campus.instance, person) as student:
        student.open_activity(title)
        arrive(page, student.launch_url(title))
        seat = Seat(student, page, Album(page))
        yield seat
        seat.album.check()
        leave(student)


def arrive(page: Page, url: str) -> None:
    """Load the page whole. Chromium drops what it is loading whenever an interface comes or goes
    on its machine (ERR_NETWORK_CHANGED), and here every container brings one: then again."""
    dropped: list[str] = []
    page.on("requestfailed", lambda request: dropped.append(f"{request.url}: {request.failure}"))
    for _ in range(3):
        dropped.clear()
        page.goto(url, wait_until="load")
        with suppress(AssertionError):
            expect(page.locator("[data-tone]").first).to_be_visible()
        if not any("ERR_NETWORK_CHANGED" in message for message in dropped):
            break
    expect(page.locator("[data-tone]").first, "; ".join(dropped)).to_be_visible()


def leave(student: Student) -> None:
    """Nothing of theirs takes the room of others."""
    if student.window()["state"] in ("queued", "starting", "ready"):
        student.stop()
        student.await_state("stopped")


def test_from_before_a_session_to_its_end(
    campus: Campus, teacher: Student, new_context: NewContext
) -> None:
    course = placed(teacher, "Through a session")

    def plan(**when: float) -> None:
        draft = session(title="Lab 3", **when)
        known = teacher.api("GET", f"/api/courses/{course}/sessions")["items"]
        if known:
            teacher.edit("PUT", f"/api/sessions/{known[0]['id']}", draft)
        else:
            teacher.api("POST", f"/api/courses/{course}/sessions", draft)

    plan(begin=60, until=120)
    with seated(campus, new_context, "maya-nguyen", "Through a session") as seat:
        seat.sees("The session opens")
        expect(seat.page.get_by_role("button", name="Start")).to_be_disabled()
        seat.album.take("window-not-open-yet")
        plan(until=90)
        seat.sees("Your environment is ready to start.")
        seat.album.take("window-not-started")
        seat.press("Start")
        seat.sees("Your environment is running.", 60)
        seat.album.take("window-ready")
        seat.page.get_by_role("button", name="Show the password").click()
        seat.album.take("window-password", FIRST)
        seat.album.take("window-stop", TWO, lambda: seat.opens("Stop", "Arrêter"))
        asked = ("New password", "Nouveau mot de passe")
        seat.album.take("window-new-password", TWO, lambda: seat.opens(*asked))
        seat.album.take("window-logs", TWO, lambda: seat.opens("Logs", "Journaux"))
        seat.album.take("window-help", TWO, lambda: seat.opens("Help", "Aide"))
        plan(until=4.9)
        seat.sees("Stops in 5 minutes")
        seat.sees("Your work folder is kept.")
        seat.album.take("window-ending-soon")
        plan(until=0.05)
        seat.sees("The session is over", 60)
        seat.album.take("window-over")
    with seated(campus, new_context, "hugo-lefevre", "Through a session") as late:
        late.sees("No session is open now.")
        late.album.take("window-closed")


def test_a_stop_and_a_start_again(campus: Campus, new_context: NewContext) -> None:
    stopped(campus.instance, "amina-benali", "OpenSSL")
    with seated(campus, new_context, "amina-benali", "OpenSSL") as seat:
        seat.press("Start again" if seat.student.window()["state"] == "stopped" else "Start")
        seat.sees("Your environment is running.", 60)
        seat.press("Stop")
        seat.press("Stop it")
        seat.sees("Your environment is (stopping|stopped)")
        seat.album.take("window-stopping", FIRST)
        seat.sees("You stopped it.")
        seat.album.take("window-stopped")


def test_a_port_that_never_answers_fails_with_the_last_lines(
    campus: Campus, teacher: Student, new_context: NewContext
) -> None:
    build = built(teacher, SILENT)
    more = {**BARE, "ports": SILENT["ports"]}
    placed(teacher, "A silent port", build_id=build["id"], **more)
    with seated(campus, new_context, "lucas-moreau", "A silent port") as seat:
        seat.press("Start")
        seat.sees("checking that it answers")
        seat.album.take("window-starting")
        seat.sees("no program listens on port 9999", 240)
        expect(seat.page.get_by_text(REFERENCE)).to_be_visible()
        seat.page.get_by_text("Last lines before the end").click()
        seat.sees("I sit here")
        expect(seat.page.get_by_role("button", name="Try again")).to_be_visible()
        seat.album.take("window-silent-port")


def test_a_program_that_ends_is_said_in_words(
    campus: Campus, teacher: Student, new_context: NewContext
) -> None:
    build = built(teacher, SILENT)["id"]
    endings = {
        "crashed": ("echo Exercise 4 is missing; sleep 1; exit 3", "did not help", TWO),
        "ended": ("echo Nothing left to do; sleep 5", "program ended by itself", TWO),
    }
    small = {"resources": {"cpu": 0.1, "memory_mib": 64}}
    with ExitStack() as open_seats:
        seats = []  # side by side: each is started again a few times first
        people = ("ines-carpentier", "maya-nguyen")
        for person, (name, (script, words, looks)) in zip(people, endings.items(), strict=True):
            command, title = f'sh -c "{script}"', f"A program that has {name}"
            placed(teacher, title, build_id=build, command=command, **{**BARE, **small})
            seat = open_seats.enter_context(seated(campus, new_context, person, title))
            seat.press("Start")
            seats.append((name, words, looks, seat))
        for name, words, looks, seat in seats:
            seat.sees(words, 180)
            if name != "ended":
                expect(seat.page.get_by_text(REFERENCE)).to_be_visible()
            seat.album.take(f"window-{name}", looks)


def test_who_fills_the_disk_reads_how_much_it_may_hold(
    campus: Campus, teacher: Student, new_context: NewContext
) -> None:
    fills = {**SILENT, "title": "Fills its disk", "ports": [], "dockerfile": FILLS}
    folder = {"save": True, "path": "/root/work"}
    changes = {**BARE, "profile": "compat", "work_folder": folder}
    course = {**changes, "build_id": built(teacher, fills)["id"]}
    approve_root(campus.instance, teacher, course["build_id"])
    placed(teacher, "A full disk", **course)
    with seated(campus, new_context, "maya-nguyen", "A full disk") as seat:
        seat.press("Start")
        seat.sees(f"outside your work folder it exceeded the {DISK_MIB}.MiB allowed", 60)
        seat.sees("your work folder is kept")
        seat.album.take("window-disk-full")


def test_an_image_missing_in_the_registry_is_said(
    campus: Campus, teacher: Student, new_context: NewContext
) -> None:
    # Never pulled before, or the node would still have it.
    gone = f"FROM debian:12\nRUN echo {datetime.now(UTC)}\nCMD sleep 600\n"
    build = built(teacher, {"title": "Soon gone", "dockerfile": gone})
    placed(teacher, "Nothing to pull", build_id=build["id"], **BARE)
    empty_registry(build["reference"])
    with seated(campus, new_context, "hugo-lefevre", "Nothing to pull") as seat:
        seat.press("Start")
        seat.sees("its image is no longer available", 60)
        seat.sees("the image has to be built again")
        expect(seat.page.get_by_text(REFERENCE)).to_be_visible()
        seat.album.take("window-image-missing")
        assert seat.student.window()["reason"]["code"] == "image_missing"


def test_no_room_is_explained_within_five_seconds(
    campus: Campus, teacher: Student, new_context: NewContext
) -> None:
    with campus.engine() as docker:
        memory = docker.get("/info")["MemTotal"] // 2**20
    memory_each = min(int(memory * 0.55), 16_384)
    large: dict[str, Any] = {"resources": {"cpu": 0.1, "memory_mib": memory_each}, "ports": []}
    with ExitStack() as open_people:

        def person(title: str) -> Student:
            course = new_course(teacher, title, **large)
            return open_people.enter_context(Student(campus.instance, TEACHER, course))

        fitting = [person(f"Large {n}") for n in range(memory // memory_each)]
        for holder in fitting:
            holder.start()
            open_people.callback(leave, holder)
            holder.await_state("ready")
        placed(teacher, "One too many", **large)
        with seated(campus, new_context, "maya-nguyen", "One too many") as seat:
            seat.press("Start")
            seat.sees("All places are taken|Position in the queue", 5)
            seat.sees("starts automatically|Usual wait", 5)
            reason = seat.student.window()["reason"]
            assert (reason["code"], reason["parameters"]["short"]) == ("no_room", "memory")
            seat.album.take("window-queued")
            # Room appears: the one that waits starts by itself.
            for holder in fitting:
                holder.stop()
            seat.sees("Your environment is running.", 60)


def test_more_than_any_server_has_is_explained_within_five_seconds(
    campus: Campus, teacher: Student, new_context: NewContext
) -> None:
    with campus.engine() as docker:
        if docker.get("/info")["NCPU"] >= LARGEST:
            pytest.skip("this node has room for the largest course")
    resources = {"cpu": LARGEST, "memory_mib": 256}
    placed(teacher, "A very large one", resources=resources, ports=[])
    with seated(campus, new_context, "lucas-moreau", "A very large one") as seat:
        seat.press("Start")
        seat.sees("This course needs more resources than any machine has.", 5)
        seat.album.take("window-fits-nowhere")
        seat.press("Cancel")
        seat.sees("You cancelled the start.")
        seat.album.take("window-cancelled", TWO)


def test_in_the_lms(campus: Campus, new_context: NewContext) -> None:
    stopped(campus.instance, "amina-benali", "Python notebooks")
    page = new_context(reduced_motion="reduce").new_page()
    album = Album(page)
    window = pages.open_activity(page, campus, "amina-benali", "Python notebooks")
    pages.start(window)
    album.keep("window-in-lms", LOOKS[0])
    page.goto(f"{page.url}?lang=fr")
    expect(pages.tool_frame(page).get_by_text("Votre environnement fonctionne.")).to_be_visible()
    album.keep("window-in-lms", LOOKS[2])
    page.goto(page.url.replace("lang=fr", "lang=en"))
    window = pages.tool_frame(page)
    pages.await_ready(window)
    pages.stop(window)
    album.check()


def test_the_platform_away_is_said_beside_what_was_known(
    campus: Campus, new_context: NewContext
) -> None:
    stopped(campus.instance, "amina-benali", "OpenSSL")
    with seated(campus, new_context, "amina-benali", "OpenSSL") as seat:
        seat.page.route("**/api/**", lambda route: route.abort())
        seat.sees("The server does not answer", 40)
        expect(seat.page.locator("[data-tone]").first).to_be_visible()
        seat.album.take("window-unreachable", TWO)
        seat.page.unroute("**/api/**")
        expect(seat.page.get_by_text("The server does not answer")).to_be_hidden(timeout=40_000)
        eventually(lambda: seat.student.window(), "the window answers")
