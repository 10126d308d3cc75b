"""SSH as a student uses it: a key in place of the password, a tunnel, the lines for VS Code."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Frame, Page, expect

from tests.support.ports import is_listener, reserved
from tests.support.waiting import eventually
from tests.system import pages
from tests.system.campus import Campus, Student, stopped
from tests.system.screens.album import TWO, Album, speak
from tests.system.screens.test_screens_window import arrive
from tests.system.shell import run_by_ssh
from tests.system.test_student import OPENSSL, ssh_command

PERSON = "maya-nguyen"
_TRUST = ["-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]


def test_a_key_opens_instead_of_the_password_and_a_new_password_ends_the_old(
    campus: Campus, page: Page, tmp_path: Path
) -> None:
    _forget_keys(campus)
    stopped(campus.instance, PERSON, OPENSSL)
    window = pages.open_activity(page, campus, PERSON, OPENSSL)
    pages.start(window)
    command = ssh_command(window)
    key = tmp_path / "id_ed25519"
    made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "maya@laptop", "-f", str(key)]
    subprocess.run(made, check=True)

    window.get_by_text("VS Code, tunnels, files, keys").click()
    lines = window.get_by_role("group", name="VS Code").inner_text()
    assert re.search(r"^Host mydocker-\w+$", lines, re.MULTILINE), lines
    window.get_by_role("link", name="My SSH keys").click()
    expect(window.get_by_text("You have no key yet.")).to_be_visible()
    _add(window, key.read_text(encoding="ascii"))
    expect(window.get_by_text("This is the private half")).to_be_visible()
    _add(window, key.with_suffix(".pub").read_text(encoding="ascii"))
    expect(window.get_by_role("row", name=re.compile("maya@laptop.*SHA256:"))).to_be_visible()

    assert _by_key(command, key, "whoami").stdout.strip() == command.split()[-1].split("@")[0]
    with _tunnel(command, key, 8080) as port:
        exercises = httpx.get(f"http://127.0.0.1:{port}/en.html", trust_env=False)
        assert "OpenSSL practice" in exercises.text

    window.get_by_role("button", name="Remove the key maya@laptop").click()
    window.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(window.get_by_text("You have no key yet.")).to_be_visible()
    refused = _by_key(command, key, "true")
    assert refused.returncode == 255
    assert "Permission denied" in refused.stderr
    window.get_by_role("link", name="Back to my environment").click()
    pages.await_ready(window)
    _, old = pages.shown_credentials(window)
    window.get_by_role("button", name="New password").click()
    dialog = window.get_by_role("dialog", name="Ask for a new password?")
    expect(dialog.get_by_text("The old password no longer works")).to_be_visible()
    dialog.get_by_role("button", name="New password").click()
    expect(window.get_by_text("Your environment is starting.")).to_be_visible()
    pages.await_ready(window)
    _, new = pages.shown_credentials(window)
    assert ssh_command(window) == command
    assert run_by_ssh(command, new, "pwd")
    with pytest.raises(ConnectionRefusedError, match="Permission denied"):
        run_by_ssh(command, old, "true")
    pages.stop(window)


def test_the_card_and_the_screen_of_keys(campus: Campus, page: Page) -> None:
    _forget_keys(campus)
    public = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJNPiZIBDUMUnHpahnNVvktJ+SbMA8yBcFU+qV1ZDdDr"
    with Student(campus.instance, PERSON) as student:
        student.open_activity(OPENSSL)
        student.api("POST", "/api/me/ssh-keys", {"public_key": public, "title": "Portable"})
        if student.window()["state"] != "ready":
            student.start()
            student.await_state("ready")
        arrive(page, student.launch_url(OPENSSL))
        expect(page.get_by_text("Your environment is running.")).to_be_visible(timeout=30_000)
        page.locator("summary").click()
        album = Album(page)
        album.take("ssh-card", TWO)
        speak(page, "en")
        page.goto(f"{campus.app}/account/keys?from={student.course_id}")
        expect(page.get_by_text("Portable").first).to_be_visible()
        album.take("ssh-keys", TWO)
        album.check()
        student.stop()
        student.await_state("stopped")
    _forget_keys(campus)


def _forget_keys(campus: Campus) -> None:
    with Student(campus.instance, PERSON) as student:
        student.open_activity(OPENSSL)
        for key in student.api("GET", "/api/me/ssh-keys"):
            student.api("DELETE", f"/api/me/ssh-keys/{key['id']}")


def _add(window: Frame, line: str) -> None:
    window.get_by_label("Public key").fill(line)
    window.get_by_role("button", name="Add the key").click()


def _by_key(shown: str, key: Path, command: str) -> subprocess.CompletedProcess[str]:
    options = [*_TRUST, "-i", str(key), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"]
    ssh = ["ssh", *options, *shown.split()[1:], command]
    return subprocess.run(ssh, capture_output=True, text=True, timeout=30, check=False)


@contextmanager
def _tunnel(shown: str, key: Path, inside: int) -> Iterator[int]:
    """A local port that leads to `inside`, as long as it lasts."""
    options = [
        *_TRUST,
        "-i",
        str(key),
        "-o",
        "IdentitiesOnly=yes",
        "-o",
        "ExitOnForwardFailure=yes",
    ]
    with reserved() as (port,):
        forward = ["-N", "-L", f"127.0.0.1:{port}:localhost:{inside}"]
        ssh = subprocess.Popen(["ssh", *options, *forward, *shown.split()[1:]])
        try:
            eventually(lambda: is_listener(ssh.pid, port), "the tunnel is open", 30)
            yield port
        finally:
            ssh.terminate()
            ssh.wait(timeout=10)
