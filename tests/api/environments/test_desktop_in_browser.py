"""A desktop as a student meets it: Chromium, the edge, api, the bridge and a real VNC server."""

import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import asyncssh
import pytest
from playwright.async_api import Page, async_playwright, expect
from pydantic import SecretStr
from tests.api.campus import Campus, Person
from tests.api.environments.test_desktops import VNC
from tests.api.environments.windows import in_state, ready
from tests.conftest import ServiceKeys
from tests.edge import programs
from tests.edge.programs import ROOT
from tests.support.browsers import CHROMIUM, QUIET
from tests.support.desktops import GREEN, RED, Desktop, desktop
from tests.support.ports import reserved
from tests.support.serving import serving
from tests.support.waiting import until

from mydocker_bastion.main import build
from mydocker_bastion.settings import Settings
from mydocker_kit.contracts.orchestrator.environments import Address, Phase

_APP = "http://localhost:8000"
_A = 38
"""X's code of the key between Tab and S on a French or an English keyboard of ours."""
_COLOUR = """() => {
  const canvas = document.querySelector("#screen canvas")
  const [red, green, blue] = canvas?.getContext("2d").getImageData(9, 9, 1, 1).data ?? []
  return red * 65536 + green * 256 + blue
}"""
_ENTER = """([url, ticket]) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action: url })
  form.append(Object.assign(document.createElement("input"), { name: "ticket", value: ticket }))
  document.body.append(form)
  form.submit()
}"""


@dataclass
class Lab:
    """A student whose desktop runs, and their browser."""

    campus: Campus
    ada: Person
    course: str
    id: UUID
    desktop: Desktop
    page: Page

    async def open(self) -> None:
        """Press *Open* on the card."""
        answer = await self.ada.post(f"/api/courses/{self.course}/environment/ports/5901/open")
        # A page without an origin of its own enters nobody: the form is our application's.
        page = '<!doctype html><html lang="en"><title>App</title></html>'
        await self.page.route(
            f"{_APP}/", lambda route: route.fulfill(body=page, content_type="text/html")
        )
        await self.page.goto(f"{_APP}/")
        await self.page.evaluate(_ENTER, [answer["url"], answer["ticket"]])
        await expect(self.page).to_have_title("Bureau")

    async def shows(self, colour: int) -> None:
        async def is_shown() -> bool:
            return bool(await self.page.evaluate(_COLOUR) == colour)

        await until(is_shown, f"the colour {colour:#x} on the page")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of desktops, built as the edge serves it."""
    folder, frontend = tmp_path_factory.mktemp("pages"), ROOT / "frontend"
    vite = ["node", str(frontend / "node_modules/vite/bin/vite.js"), "build", "--emptyOutDir"]
    config = ["-c", "vite.desktop.config.ts", "--outDir", str(folder / "desktop")]
    done = subprocess.run([*vite, *config], cwd=frontend, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return folder


@pytest.fixture
def own_password() -> str | None:
    """What the student has made the desktop's password; None: they left the generated one."""
    return None


@pytest.fixture
async def lab(
    campus: Campus,
    service_keys: ServiceKeys,
    pages: Path,
    tmp_path: Path,
    own_password: str | None,
) -> AsyncIterator[Lab]:
    teacher = await campus.teacher()
    course = await campus.course(teacher, ports=[VNC])
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    password = campus.orchestrator.puts[0].credentials.password.get_secret_value()
    async with AsyncExitStack() as stack:
        made = stack.enter_context(desktop(tmp_path, own_password or password))
        address = Address(port=5901, host="127.0.0.1", host_port=made.port)
        await campus.orchestrator.record(id, addresses=(address,))
        bastion = build(
            Settings(
                service_key=service_keys.private["mydocker-bastion"],
                trusted_service_keys=service_keys.folder,
                api_url=campus.address,
                ssh_listen_port=0,
                ssh_host_key=SecretStr(
                    asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
                ),
                ssh_presence_seconds=0.1,
                desktop_listen_port=0,
                stream_listen_port=0,
            )
        )
        await stack.enter_async_context(serving(bastion))
        (port,) = stack.enter_context(reserved())
        api = urlsplit(campus.address).port or 0
        edge = programs.edge(port, api, api, pages, bastion.state.desktop_port)
        edge.start()
        stack.callback(edge.end)
        await edge.await_open()
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            # The names of environments hold the demo's port, the edge of this test has its own.
            args=[*QUIET, f"--host-resolver-rules=MAP *.env.localhost 127.0.0.1:{port}"],
        )
        stack.push_async_callback(browser.close)
        context = await browser.new_context(locale="fr-FR", viewport={"width": 400, "height": 700})
        yield Lab(campus, ada, course, id, made, await context.new_page())


async def test_a_student_works_on_a_desktop_and_leaves_it_by_keyboard(lab: Lab) -> None:
    page, said = lab.page, []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    await lab.open()
    await lab.shows(RED)  # without a password: the bridge knew it
    screen = page.get_by_role("application", name="Écran du bureau")
    await expect(screen).to_be_focused()
    await page.keyboard.press("a")
    await lab.shows(GREEN)  # the key went in, and the picture of it came back
    assert lab.desktop.keys == [_A]

    await page.keyboard.press("Tab")
    await expect(screen).to_be_focused()
    await page.keyboard.press("Control+Alt+Shift")
    await expect(page.get_by_role("button", name="Presse-papiers")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("textbox", name="Texte pour le bureau")).to_be_focused()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 400
    await page.evaluate((ROOT / "frontend/node_modules/axe-core/axe.min.js").read_text("utf-8"))
    faults = await page.evaluate("axe.run().then((found) => found.violations)")
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in faults] == []
    assert [
        message for message in said if "getImageData" not in message
    ] == []  # which is the test's own

    await lab.campus.orchestrator.end(lab.id, Phase.STOPPED)
    await in_state(lab.ada, lab.course, "stopped")
    await expect(page.get_by_role("heading")).to_have_text("Votre environnement est arrêté")


@pytest.mark.parametrize("own_password", ["my own"])
async def test_a_desktop_with_a_password_of_its_own_asks_and_says_why_it_ends(lab: Lab) -> None:
    await lab.open()
    asked = lab.page.get_by_label("Mot de passe")
    await expect(asked).to_be_focused()
    await asked.fill("not it")
    await lab.page.keyboard.press("Enter")
    status = lab.page.get_by_role("status").first
    await expect(status).to_contain_text("Vérifiez le mot de passe")
    await lab.page.keyboard.press("Enter")  # on the button that connects again
    await asked.fill("my own")
    await lab.page.keyboard.press("Enter")
    await lab.shows(RED)
    lab.desktop.kill()
    again = lab.page.get_by_role("button", name="Se reconnecter")
    await expect(again).to_be_focused()
    await expect(status).to_contain_text("son bureau ne répond pas")
    course = lab.page.get_by_role("link", name="Mon cours")
    await expect(course).to_have_attribute(
        "href", f"http://localhost:8000/courses/{lab.course}/window"
    )
