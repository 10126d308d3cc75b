"""What goes wrong for people, and the sentence they get."""

import re
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from deploy.demo.errors import CannotStart
from playwright.sync_api import Page, expect

from tests.system import pages
from tests.system.campus import Campus, Student, eventually
from tests.system.conftest import course_named

OPENSSL = "OpenSSL"


def now_until(minutes: float, begin: float = -1) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "title": "",
        "students": 1,
        "starts_at": (now + timedelta(minutes=begin)).isoformat(),
        "ends_at": (now + timedelta(minutes=minutes)).isoformat(),
        "block_before_start": True,
        "automatic_stop": True,
    }


def new_course(teacher: Student, title: str, **changes: Any) -> str:
    """A ready Course like the OpenSSL one but for `changes`."""
    model = teacher.api("GET", f"/api/courses/{course_named(teacher, OPENSSL)}")
    kept = ("description", "build_id", "ports", "command", "profile", "resources", "work_folder")
    draft = {**{name: model[name] for name in kept}, "title": title, "status": "ready", **changes}
    course = teacher.api("POST", "/api/courses", draft)
    return str(course["id"])


def as_me(campus: Campus, course_id: str) -> Student:
    """The teacher, trying a Course as a student."""
    return Student(campus.instance, "claire-fontaine", course_id)


def test_a_port_that_never_answers_fails_with_the_last_lines(
    campus: Campus, teacher: Student, page: Page
) -> None:
    draft = {
        "title": "Silent",
        "dockerfile": 'FROM debian:12\nCMD ["sh", "-c", "echo I sit here; exec sleep 600"]\n',
        "ports": [{"title": "Nobody", "kind": "web", "number": 9999, "required": True}],
    }
    build = built(teacher, draft)
    course = new_course(
        teacher,
        "A silent port",
        build_id=build["id"],
        ports=draft["ports"],
        profile="strict",
        work_folder={"save": False, "path": "/home/student/work"},
    )
    teacher.place(course)
    window = pages.open_activity(page, campus, "claire-fontaine", "A silent port")
    window.get_by_role("button", name="Start").click()
    expect(window.get_by_text(re.compile("does not answer on port 9999"))).to_be_visible(
        timeout=240_000
    )
    expect(window.get_by_text(re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}"))).to_be_visible()
    window.get_by_text("Last lines before the end").click()
    expect(window.get_by_text("I sit here")).to_be_visible()
    expect(window.get_by_role("button", name="Try again")).to_be_visible()


def built(teacher: Student, draft: dict[str, Any]) -> dict[str, Any]:
    """The succeeded Build of a new Image."""
    image = teacher.api("POST", "/api/images", draft)
    build = teacher.api("POST", f"/api/images/{image['id']}/builds")

    def look() -> dict[str, Any] | None:
        now = teacher.api("GET", f"/api/builds/{build['id']}")
        return now if now["phase"] in ("succeeded", "failed") else None

    ended = eventually(look, "the build ends", 120)
    assert ended["phase"] == "succeeded", ended
    return dict(ended)


def test_no_room_is_explained_within_five_seconds(campus: Campus, teacher: Student) -> None:
    with campus.engine() as docker:
        memory = docker.get("/info")["MemTotal"] // 2**20
    each = min(int(memory * 0.55), 16_384)
    large = {"resources": {"cpu": 0.1, "memory_mib": each}, "ports": []}
    with ExitStack() as open_people:

        def person(title: str) -> Student:
            return open_people.enter_context(as_me(campus, new_course(teacher, title, **large)))

        fitting = [person(f"Large {n}") for n in range(memory // each)]
        for one in fitting:
            one.start()
            one.await_state("ready")
        waiting = person("One too many")
        waiting.start()
        waiting.await_state("queued", seconds=5)
        reason = eventually(lambda: waiting.window()["reason"], "a reason is given", 5)
        assert reason["code"] == "no_room"
        assert reason["parameters"]["short"] == "memory"
        # Room appears: the one that waits starts by itself.
        for one in fitting:
            one.stop()
        waiting.await_state("ready")
        waiting.stop()
        waiting.await_state("stopped")


def test_an_image_missing_in_the_registry_is_said(campus: Campus, teacher: Student) -> None:
    build = built(
        teacher,
        {
            "title": "Soon gone",
            "dockerfile": f"FROM debian:12\nRUN echo {datetime.now(UTC)}\nCMD sleep 600\n",
        },
    )
    course = new_course(teacher, "Nothing to pull", build_id=build["id"], ports=[])
    empty_registry(campus, build["reference"])
    with as_me(campus, course) as student:
        student.start()
        window = student.await_state("failed", seconds=60)
        assert window["reason"]["code"] == "image_missing"
        assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", window["reason"]["reference"])


def empty_registry(campus: Campus, reference: str) -> None:
    """Delete a manifest, as a careless clean-up would."""
    registry, _, rest = reference.partition("/")
    name, _, digest = rest.partition("@")
    url = f"http://{registry}/v2/{name}/manifests/{digest}"
    httpx.delete(url, trust_env=False).raise_for_status()


def test_a_session_that_is_not_open_yet_wakes_up_by_itself(
    campus: Campus, teacher: Student, page: Page
) -> None:
    course = new_course(teacher, "Opens soon")
    teacher.api("POST", f"/api/courses/{course}/sessions", now_until(60, begin=0.4))
    teacher.place(course)
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
    teacher.api("POST", f"/api/courses/{course}/sessions", now_until(0.6))
    teacher.place(course)
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


def test_an_activity_that_names_an_unknown_course_says_so(
    campus: Campus, teacher: Student, page: Page
) -> None:
    course = new_course(teacher, "Soon deleted")
    teacher.place(course)
    teacher.api("DELETE", f"/api/courses/{course}")
    window = pages.open_activity(page, campus, "lucas-moreau", "Soon deleted")
    expect(window.get_by_role("heading", name="This activity leads nowhere")).to_be_visible()


def test_a_used_ticket_opens_nothing(campus: Campus, page: Page) -> None:
    tickets: list[str] = []

    class Keeper(Student):
        """Notes the ticket on the way in."""

        def _use_ticket(self, ticket: str) -> None:
            tickets.append(ticket)
            super()._use_ticket(ticket)

    with Keeper(campus.instance, "amina-benali") as student:
        student.open_activity(OPENSSL)
        with pytest.raises(CannotStart, match=r"ticket_(used|unknown)"):
            student._use_ticket(tickets[0])
    # In another browser the same ticket is worth nothing either, used or not.
    page.goto(f"{campus.app}/enter#ticket={tickets[0]}")
    expect(page.get_by_text("Open the activity again from your course.").first).to_be_visible()
    assert "ticket" not in page.url
