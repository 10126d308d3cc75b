"""`docker-compose.yml` is really used: built, brought up, one launch and one start go through.

It is that of the installation bundle, with the images that a release builds (`make composed`).
"""

import json
import re
from pathlib import Path

import httpx
import pytest
from deploy.demo.examples.campus_user import CampusUser
from deploy.machine.commands import program
from deploy.machine.instance import ROOT
from deploy.release import images

from tests.compose.stack import DISK_MIB, VERSION, Stack, await_state

pytestmark = pytest.mark.timeout(1500)
_SERVICES = ("api", "orchestrator", "builder", "lti-gateway", "bastion")
MOST_MIB = 475
"""The builder's is the largest, by buildx; archives (zstandard) adds 24 MB to each."""
_TOOLS = ("gcc", "make", "pip", "pip3", "apt-key", "git", "npm")


def test_images_are_small_unprivileged_and_without_build_tools(stack: Stack) -> None:
    for service in _SERVICES:
        image = stack.docker.get(f"/images/{images.name(service, VERSION)}/json")
        assert image["Config"]["User"] == "10001"
        size = image["Size"] / 1024**2
        assert size < MOST_MIB, f"{service}: {size:.0f} MiB"
        look = f"for tool in {' '.join(_TOOLS)}; do command -v $tool; done; true"
        tools = stack.command(service, "sh", "-c", look).split()
        assert tools == ["/usr/bin/apt-key"] or tools == []
        assert stack.command(service, "id", "-u").strip() == "10001"


def test_images_say_what_they_are(stack: Stack) -> None:
    for image in images.NAMES:
        described = stack.docker.get(f"/images/{images.name(image, VERSION)}/json")
        labels = described["Config"]["Labels"]
        assert labels["org.opencontainers.image.title"] == f"mydocker/{image}"
        assert labels["org.opencontainers.image.version"] == VERSION
        assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"
        assert labels["org.opencontainers.image.revision"]
        assert labels["org.opencontainers.image.created"]


def test_the_sbom_of_an_image_lists_what_it_holds(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", stack.environment["DOCKER_HOST"])
    target = tmp_path / "bastion.cdx.json"
    images.describe(ROOT, images.name("bastion", VERSION), target)
    described = json.loads(target.read_text("utf-8"))
    assert described["bomFormat"] == "CycloneDX"
    held = {(part["name"], part.get("purl", "")[:8]) for part in described["components"]}
    assert {("asyncssh", "pkg:pypi"), ("python3", "pkg:deb/")} <= held


def test_one_launch_and_one_start_go_through(stack: Stack) -> None:
    with CampusUser(stack.instance, "amina-benali") as student:
        activity = re.findall(r'activities/(\d+)"', student.course_page())[0]
        course = student.enter_activity(activity)
        student.api("POST", f"/api/courses/{course}/environment/start")
        window = await_state(student, course, "ready")
        web = next(port for port in window["connections"] if port["kind"] == "web")
        opening = f"/api/courses/{course}/environment/ports/{web['port']}/open"
        assert "OpenSSL" in _opened(student.api("POST", opening), stack.instance.ports.edge)
        # The orchestrator, in a container itself, measures what others write.
        _fill_disk(stack)
        failed = await_state(student, course, "failed")
        assert failed["reason"]["code"] == "disk_full"


def _fill_disk(stack: Stack) -> None:
    ours = json.dumps({"label": ["mydocker.environment"]})
    [container] = stack.docker.get("/containers/json", filters=ours)
    write = f"head -c {DISK_MIB + 64}M /dev/zero > /var/tmp/big"
    stack.run([program("docker"), "exec", "-u", "0", container["Id"], "sh", "-c", write], 60)


def _opened(opening: dict[str, str], port: int) -> str:
    """The environment's page, entered with the ticket as a browser does."""
    host = httpx.URL(opening["url"]).netloc.decode()
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}", headers={"Host": host}, trust_env=False
    ) as browser:
        entered = browser.post("/_mydocker/enter", data={"ticket": opening["ticket"]})
        assert entered.status_code == 303
        cookie = entered.headers["set-cookie"].split(";")[0]
        return browser.get("/", headers={"Cookie": cookie}).text
