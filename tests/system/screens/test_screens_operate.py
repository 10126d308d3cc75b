"""The operators' screens for platforms, machines and pools, used as operators do, and pictured."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from deploy.demo.examples import operators
from playwright.sync_api import Page, Route, expect
from tests.system import pages
from tests.system.campus import Campus, Student
from tests.system.conftest import TEACHER, NewContext
from tests.system.courses import new_course
from tests.system.screens.album import LOOKS, TWO, Album, speak

from deploy.node import labels
from mydocker_kit.contracts.orchestrator.cordons import Cordon, CordonCause


@pytest.fixture
def album(campus: Campus, new_context: NewContext) -> Album:
    """An operator at the list of platforms."""
    page = new_context(reduced_motion="reduce").new_page()
    page.goto(operators.link(campus.instance))
    page.get_by_role("button", name="Enter").click()
    page.wait_for_url(re.compile("/dashboard"))
    page.goto(f"{campus.app}/dashboard/operate/platforms")
    expect(page.get_by_role("table")).to_be_visible()
    return Album(page)


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1, name=re.compile(words))).to_be_visible()


def test_a_platform_is_set_up_by_hand_disabled_and_enabled(campus: Campus, album: Album) -> None:
    page, name = album.page, f"Moodle {secrets.token_hex(2)}"
    album.take("platforms", TWO)
    page.get_by_role("link", name="Set up by hand").click()
    heading(page, "Set up by hand")
    expect(page.get_by_text(f"{campus.app}/lti/login")).to_be_visible()
    album.take("platform-new", TWO)
    page.get_by_label(re.compile("^Name")).fill(name)
    page.get_by_label(re.compile("^Platform ID")).fill("https://moodle.example.org/")
    page.get_by_role("button", name="It is a Moodle").click()
    page.get_by_label(re.compile("^Client ID")).fill(secrets.token_hex(6))
    page.get_by_label(re.compile("^Deployment ID")).fill("1")
    page.get_by_role("button", name="Connect the platform").click()
    heading(page, name)
    expect(page.get_by_text("Active", exact=True)).to_be_visible()
    page.get_by_role("button", name="Disable", exact=True).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("their environments are stopped")).to_be_visible()
    expect(dialog.get_by_text("No running environment is stopped.")).to_be_visible()
    dialog.get_by_role("button", name="Disable").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Enable", exact=True).click()
    dialog.get_by_role("button", name="Enable").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Active", exact=True)).to_be_visible()
    expect(page.get_by_text("Deployments", exact=True)).to_be_visible()
    album.take("platform", TWO)
    page.get_by_role("link", name="Change", exact=True).click()
    page.wait_for_url(re.compile("/change$"))
    album.take("platform-change", TWO)
    page.get_by_label(re.compile("^Name")).fill(f"{name} again")
    page.get_by_role("button", name="Save", exact=True).click()
    heading(page, f"{name} again")
    album.check()


def test_an_invitation_is_shown_once_and_withdrawn(album: Album) -> None:
    page, label = album.page, f"School {secrets.token_hex(2)}"
    page.get_by_role("link", name="Invitations").click()
    heading(page, "Invitations")
    page.get_by_role("button", name="Invite a platform").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name=re.compile("^Who is it")).fill(label)
    dialog.get_by_role("button", name="Make the invitation").click()
    expect(dialog.get_by_text(re.compile(r"/lti/register\?invitation="))).to_be_visible()
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_text("/lti/register")).to_be_hidden()
    page.get_by_role("button", name=f"Withdraw the invitation for {label}").click()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    row = page.get_by_role("row", name=re.compile(label))
    expect(row.get_by_text("Withdrawn")).to_be_visible()
    album.take("invitations", TWO)
    album.check()


def test_our_keys_rotate_with_overlap(album: Album) -> None:
    page = album.page
    page.get_by_role("link", name="Our keys").click()
    heading(page, "Our keys")
    page.get_by_role("button", name="Rotate: Messages to platforms").click()
    page.get_by_role("dialog").get_by_role("button", name="Rotate").click()
    expect(page.get_by_text("Next", exact=True)).to_be_visible()
    album.take("own-keys", TWO)
    page.get_by_role("button", name=re.compile("^Retire key")).click()
    page.get_by_role("dialog").get_by_role("button", name="Retire").click()
    expect(page.get_by_text("Next", exact=True)).to_be_hidden()
    album.check()


@contextmanager
def closed(campus: Campus) -> Iterator[None]:
    """While it lasts, its one machine is as after checks that did not pass."""
    with campus.engine() as docker:
        node = labels.this_node(docker)
        failed = Cordon(cause=CordonCause.CHECKS_FAILED, detail="firewall: not in force")
        labels.refuse(docker, node, failed)
        try:
            yield
        finally:
            labels.admit(docker, node)


def test_a_machine_is_emptied_and_used_again(campus: Campus, album: Album) -> None:
    page = album.page
    with Student(campus.instance, "ines-carpentier") as student:
        student.open_activity("OpenSSL")
        student.start()
        student.await_state("ready")
        page.goto(f"{campus.app}/dashboard/operate/nodes")
        with closed(campus):
            expect(page.get_by_text("Checks have not passed", exact=True)).to_be_visible()
            album.take("operate-node-unchecked", TWO)
            expect(
                page.get_by_role("button", name=re.compile("^Put in maintenance: "))
            ).to_be_visible()
            assert student.window()["state"] == "ready"
        expect(page.get_by_text("In use", exact=True)).to_be_visible()
        page.get_by_role("button", name=re.compile("^Put in maintenance: ")).click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("No environment starts on it any more")).to_be_visible()
        album.keep("operate-node-to-empty", LOOKS[0])
        album.keep("operate-node-to-empty", LOOKS[3])
        try:
            dialog.get_by_role("button", name="Put in maintenance", exact=True).click()
            expect(
                page.get_by_text(re.compile("^(Going into maintenance|In maintenance)$"))
            ).to_be_visible()
            ended = student.await_state("stopped")
            assert ended["reason"]["code"] == "node_drained"
            expect(page.get_by_text("In maintenance", exact=True)).to_be_visible()
            album.take("operate-node-emptied", TWO)
        finally:
            page.get_by_role("button", name=re.compile("^Use again: ")).click()
            expect(page.get_by_text("In use", exact=True)).to_be_visible()
    album.check()


POOLS = "**/api/pools"
DIRECT = {"first": 20000, "last": 20499, "kinds": ["ssh", "vnc", "tcp"]}
A_LAB = {
    "title": "GPU A40",
    "gpu_kind": "NVIDIA-A40",
    "default_gpu": 1,
    "max_gpu": 2,
    "egress": "filtered",
    "direct_ports": DIRECT,
    "direct_host": "{node}.labs.example.org",
}


def with_a_lab(route: Route) -> None:
    """The list, with a pool that no campus on one machine's loopback may have."""
    if route.request.method != "GET":
        route.fallback()
        return
    answer = route.fetch()
    states = answer.json()
    lab = states[0] | {"nodes": 3, "usable_nodes": 3, "direct_nodes": 2, "direct_held": 37}
    lab |= {"pool": states[0]["pool"] | A_LAB | {"name": "gpu-a40"}}
    largest = {"cpu": 32, "memory_mib": 128 * 1024, "gpus": 4}
    lab |= {"largest": lab["largest"] | largest, "room": lab["room"] | largest | {"gpus": 12}}
    route.fulfill(response=answer, json=[*states, lab])


def test_a_pool_with_direct_ports_is_shown(campus: Campus, album: Album) -> None:
    page = album.page
    page.route(POOLS, with_a_lab)
    page.goto(f"{campus.app}/dashboard/operate/nodes")
    row = page.get_by_role("row", name=re.compile("^GPU A40"))
    expect(row.get_by_text("1 of 3 machines does not accept connections")).to_be_visible()
    album.take("operate-pools", TWO)
    row.get_by_role("link", name="GPU A40").click()
    heading(page, "GPU A40")
    expect(page.get_by_text("There is no limit of guesses")).to_be_visible()
    album.take("pool-direct-ports")
    album.check()


def test_a_pool_is_made_changed_chosen_and_removed(
    campus: Campus, album: Album, teacher: Student, new_context: NewContext
) -> None:
    page, name = album.page, f"lab-{secrets.token_hex(2)}"
    title = f"Lab {name[-4:]}"
    page.goto(f"{campus.app}/dashboard/operate/nodes")
    page.get_by_role("link", name="New pool").click()
    heading(page, "New pool")
    album.take("pool-new")
    page.get_by_role("button", name="Create the pool").click()
    expect(page.get_by_text("2 fields need your attention:")).to_be_visible()
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Create the pool").click()
    heading(page, title)
    expect(page.get_by_text("The pool is created")).to_be_visible()
    page.get_by_label("Maximum cores").fill("3")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    album.take("pool", TWO)
    direct_ports_are_refused_here(album)
    course = new_course(teacher, f"On {title}", status="draft", resources={"pool": name})
    the_teachers_form_knows(campus, new_context, course, title)
    page.get_by_role("button", name="Remove the pool").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(dialog.get_by_text("Courses that choose this pool: 1.")).to_be_visible()
    expect(dialog.get_by_text(f"On {title} · ")).to_be_visible()
    album.keep("pool-chosen", LOOKS[0])
    teacher.edit("DELETE", f"/api/courses/{course}")
    dialog.get_by_role("button", name="Remove", exact=True).click()
    heading(page, "Machines")
    expect(page.get_by_role("link", name=title)).to_have_count(0)
    album.check()


def direct_ports_are_refused_here(album: Album) -> None:
    """On one server every port is bound to the loopback: said at the switch, in both languages."""
    page = album.page
    for look in TWO:
        speak(page, look.language)
        switch = page.locator("#field-direct_ports-on")
        switch.check(force=True)
        page.locator("form button[type=submit]").click()
        expect(page.locator("#field-direct_ports-on-error")).to_be_visible()
        album.keep("pool-direct-refused", look)
        switch.uncheck(force=True)


def the_teachers_form_knows(
    campus: Campus, new_context: NewContext, course: str, title: str
) -> None:
    page = pages.open_dashboard(new_context().new_page(), campus, TEACHER)
    page.goto(f"{campus.app}/dashboard/courses/{course}/technical")
    expect(page.get_by_role("combobox", name="Machines")).to_have_value(title)
    expect(page.get_by_text("Empty: 1. At most 3.")).to_be_visible()
