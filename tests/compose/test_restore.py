"""A platform that is lost comes back from its backup: `docs/operating/back-up.md`, step by step."""

import json
import re
import shutil

import pytest
from deploy.demo.examples.campus_user import CampusUser
from deploy.machine.commands import program

from tests.compose.stack import Stack, await_state

pytestmark = pytest.mark.timeout(1500)
WORK = "what the student wrote"


def test_a_platform_is_restored_with_its_people_images_and_work(stack: Stack) -> None:
    course = _work(stack)
    backup = stack.instance.state / "backup"
    said = stack.run(["deploy/compose/backup.sh", str(backup)])
    assert "saved 1 work folders" in said
    assert backup.stat().st_mode & 0o777 == 0o700  # it holds every secret

    _lose(stack)

    shutil.copytree(backup / "secrets", stack.folder / "deploy/compose/secrets")
    stack.init()
    said = stack.run(["deploy/compose/restore.sh", str(backup)])
    assert "restored 1 work folders" in said
    stack.up()
    with CampusUser(stack.instance, "amina-benali") as student:
        activity = re.findall(r'activities/(\d+)"', student.course_page())[0]
        assert student.enter_activity(activity) == course
        student.api("POST", f"/api/courses/{course}/environment/start")
        await_state(student, course, "ready")
        assert _in_work_folder(stack, "cat note.txt") == WORK
        student.api("POST", f"/api/courses/{course}/environment/stop")
        await_state(student, course, "stopped")
    _refuses_to_overwrite(stack)


def _work(stack: Stack) -> str:
    """Let a student write a file; the course's id."""
    with CampusUser(stack.instance, "amina-benali") as student:
        activity = re.findall(r'activities/(\d+)"', student.course_page())[0]
        course = student.enter_activity(activity)
        student.api("POST", f"/api/courses/{course}/environment/start")
        await_state(student, course, "ready")
        _in_work_folder(stack, f"printf '%s' '{WORK}' >note.txt")
        student.api("POST", f"/api/courses/{course}/environment/stop")
        await_state(student, course, "stopped")
    return course


def _in_work_folder(stack: Stack, command: str) -> str:
    ours = json.dumps({"label": ["mydocker.environment"]})
    [container] = stack.docker.get("/containers/json", filters=ours)
    work = next(mount for mount in container["Mounts"] if mount.get("Name", "").startswith("work-"))
    inside = f"cd {work['Destination']} && {command}"
    return stack.run([program("docker"), "exec", container["Id"], "sh", "-c", inside], 60)


def _lose(stack: Stack) -> None:
    """Everything the platform stored, and the engine's own copies of built images."""
    stack.compose("down", "--volumes", "--timeout", "20")
    volumes = stack.docker.get("/volumes")["Volumes"]
    for volume in volumes:
        if volume["Name"].startswith("work-"):
            stack.docker.call("DELETE", f"/volumes/{volume['Name']}")
    for image in stack.docker.get("/images/json"):
        names = [*(image["RepoTags"] or []), *(image["RepoDigests"] or [])]
        if any(name.startswith("127.0.0.1:8105/") for name in names):
            stack.docker.call("DELETE", f"/images/{image['Id']}?force=true")
    shutil.rmtree(stack.folder / "deploy/compose/secrets")
    (stack.folder / ".env").unlink()


def _refuses_to_overwrite(stack: Stack) -> None:
    """A second restore would mix two platforms."""
    with pytest.raises(AssertionError, match="restore into a new one only"):
        stack.run(["deploy/compose/restore.sh", str(stack.instance.state / "backup")])
