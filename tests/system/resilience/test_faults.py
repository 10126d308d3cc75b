"""Kill -9 at any moment, and what must come of it: one environment, no build that runs for ever."""

import random
import time
from typing import Any

import pytest
from tests.support.waiting import eventually
from tests.system.campus import Campus, Student
from tests.system.conftest import course_named

OPENSSL = "OpenSSL"


@pytest.mark.parametrize("round_number", range(6))
def test_an_orchestrator_killed_during_a_start_ends_with_one_environment(
    campus: Campus, round_number: int
) -> None:
    with Student(campus.instance, "maya-nguyen") as student:
        student.open_activity(OPENSSL)
        asked = student.start()
        old = campus.pid("orchestrator")
        # Anywhere between the stored wish and the last answer of the ports.
        time.sleep(random.Random(round_number).uniform(0.0, 0.8))
        campus.kill("orchestrator")
        campus.await_back("orchestrator", old)
        window = student.await_state("ready")
        assert window["attempt"] == asked["attempt"]
        assert len(campus.services_of(student.environment_id)) == 1
        assert len(campus.running_tasks(student.environment_id)) == 1
        student.stop()
        student.await_state("stopped")


def test_an_orchestrator_killed_during_a_stop_leaves_nothing(campus: Campus) -> None:
    with Student(campus.instance, "maya-nguyen") as student:
        student.open_activity(OPENSSL)
        student.start()
        student.await_state("ready")
        student.stop()
        old = campus.pid("orchestrator")
        campus.kill("orchestrator")
        campus.await_back("orchestrator", old)
        student.await_state("stopped")
        eventually(lambda: not campus.services_of(student.environment_id), "no service is left")


def test_an_api_killed_after_the_click_still_gives_the_environment(campus: Campus) -> None:
    with Student(campus.instance, "maya-nguyen") as student:
        student.open_activity(OPENSSL)
        asked = student.start()
        old = campus.pid("api")
        campus.kill("api")
        campus.await_back("api", old)
        window = student.await_state("ready")
        assert window["attempt"] == asked["attempt"]
        student.stop()
        student.await_state("stopped")


def test_a_killed_builder_leaves_no_build_running(campus: Campus, teacher: Student) -> None:
    draft = {
        "title": "Killed on the way",
        "dockerfile": "FROM debian:12\nRUN echo begun; sleep 4\nRUN echo ended\n",
    }
    image = teacher.api("POST", "/api/images", draft)
    build = teacher.api("POST", f"/api/images/{image['id']}/builds")

    def look() -> dict[str, Any]:
        return dict(teacher.api("GET", f"/api/builds/{build['id']}"))

    eventually(lambda: look()["phase"] == "building", "the build begins")
    old = campus.pid("builder")
    campus.kill("builder")
    campus.await_back("builder", old)

    def ended_build() -> dict[str, Any] | None:
        now = look()
        return now if now["phase"] in ("succeeded", "failed") else None

    ended = eventually(ended_build, "the build ends", 180)
    assert ended["phase"] == "succeeded", ended
    log = teacher.api("GET", f"/api/builds/{build['id']}/log", after=0, limit=1000)
    assert any("ended" in line["text"] for line in log["lines"])


def test_the_engine_counts_what_the_table_says(campus: Campus, teacher: Student) -> None:
    """After all of the above: every service of ours belongs to an environment that is wanted."""
    assert course_named(teacher, OPENSSL)
    eventually(lambda: not _unwanted(campus), "no unwanted service is left", 90)


def _unwanted(campus: Campus) -> list[str]:
    with campus.engine() as docker:
        services = docker.get("/services", filters='{"label":["mydocker.environment"]}')
    return [service["Spec"]["Name"] for service in services]
