"""A student's start on the developer's platform: launch, start, page through the edge, stop."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from deploy.demo.examples.campus_user import CampusUser
from deploy.demo.report import Report

from tests.support.dev.instance import dev_instance
from tests.support.dev.platform import DevPlatform
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def dev_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevPlatform]:
    running = DevPlatform(dev_instance(tmp_path_factory.mktemp("dev")), Report())
    try:
        running.up()
        yield running
    finally:
        running.clean()


def test_a_student_starts_and_opens_a_page(dev_platform: DevPlatform) -> None:
    with CampusUser(dev_platform.instance, "amina-benali") as student:
        activity = re.findall(r'activities/(\d+)"', student.course_page())[0]
        course = student.enter_activity(activity)
        student.api("POST", f"/api/courses/{course}/environment/start")

        def window_in(state: str) -> Any:
            window = student.api("GET", f"/api/courses/{course}/window")
            return window if window["state"] == state else None

        window = eventually(lambda: window_in("ready"), "the environment is ready")
        web = next(port for port in window["connections"] if port["kind"] == "web")
        opening = f"/api/courses/{course}/environment/ports/{web['port']}/open"
        opened = student.api("POST", opening)
        assert "A fake environment" in _page(opened, dev_platform.instance.ports.edge)
        student.api("POST", f"/api/courses/{course}/environment/stop")
        eventually(lambda: window_in("stopped"), "the environment is stopped")


def _page(opened: dict[str, str], edge_port: int) -> str:
    """The environment's page, entered with the ticket as a browser does."""
    host = httpx.URL(opened["url"]).netloc.decode()
    edge = f"http://127.0.0.1:{edge_port}"
    with httpx.Client(base_url=edge, headers={"Host": host}, trust_env=False) as browser:
        entered = browser.post("/_mydocker/enter", data={"ticket": opened["ticket"]})
        assert entered.status_code == 303
        cookie = entered.headers["set-cookie"].split(";")[0]
        return browser.get("/", headers={"Cookie": cookie}).text


def test_a_changed_service_is_started_again(dev_platform: DevPlatform) -> None:
    before = dev_platform.supervisor.pid("bastion")
    dev_platform.restart(("bastion",))
    eventually(
        lambda: dev_platform.supervisor.pid("bastion") not in (0, before), "another process serves"
    )


def test_its_sockets_are_where_an_ordinary_user_may_write(dev_platform: DevPlatform) -> None:
    assert not str(dev_platform.instance.run).startswith("/run")
    owner = Path(dev_platform.instance.run).stat().st_uid
    assert owner == os.getuid()
    address = f"{dev_platform.instance.app_origin}/api/openapi.json"
    answer = httpx.get(address, trust_env=False, timeout=100)
    assert answer.json()["info"]["title"] == "MyDocker"


def test_a_request_to_end_stops_the_services(dev_platform: DevPlatform) -> None:
    instance = dev_platform.instance
    command = [sys.executable, "-m", "tests.support.dev", "up", "--state", str(instance.state)]
    with subprocess.Popen(
        [*command, "--ports", str(instance.ports.base)], stdout=subprocess.PIPE, text=True
    ) as up:
        assert up.stdout
        assert any("Ctrl-C stops everything" in line for line in up.stdout)
        up.send_signal(signal.SIGTERM)
        up.stdout.read()
        assert up.wait(120) == 0
    assert not dev_platform.supervisor.is_up()
