"""What a person clicks, named as a person names it (English pages)."""

import re

from playwright.sync_api import BrowserContext, Frame, Locator, Page, expect

from tests.support.waiting import eventually
from tests.system.campus import Campus


def tool_frame(page: Page) -> Frame:
    """The tool inside the LMS's page."""

    def look() -> Frame | None:
        frames = [frame for frame in page.frames if frame.parent_frame is not None]
        return next((f for f in frames if f.url.startswith("http://localhost")), None)

    frame = page.wait_for_selector("iframe")
    assert frame is not None
    for _ in range(1200):
        result = look()
        if result is not None:
            return result
        page.wait_for_timeout(50)
    raise AssertionError(f"the tool never came: {[frame.url for frame in page.frames]}")


def open_activity(page: Page, campus: Campus, person: str, title: str) -> Frame:
    """From the LMS's front page into the activity; the tool's frame."""
    page.goto(f"{campus.lms}/as/{person}/?lang=en")
    page.get_by_role("link", name=re.compile(re.escape(title))).click()
    return tool_frame(page)


def open_dashboard(page: Page, campus: Campus, person: str) -> Page:
    """The dashboard, in the new tab that the LMS's link opens."""
    page.goto(f"{campus.lms}/as/{person}/?lang=en")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("MyDocker dashboard")).click()
    dashboard = opened.value
    expect(dashboard.get_by_role("navigation", name="Dashboard")).to_be_visible()
    return dashboard


def start(window: Frame) -> None:
    """Press *Start* and wait until the environment runs."""
    window.get_by_role("button", name=re.compile("^Start")).click()
    await_ready(window)


def await_ready(window: Frame, seconds: float = 60) -> None:
    expect(window.get_by_text("Your environment is running.")).to_be_visible(timeout=seconds * 1000)


def open_port(window: Frame, context: BrowserContext, title: str) -> Page:
    """*Open …* in a new tab."""
    with context.expect_page() as opened:
        window.get_by_role("button", name=f"Open {title}").click()
    page = opened.value
    page.wait_for_url(re.compile(r"://[^/]+\.env\.localhost"))
    return page


def stop(window: Frame) -> None:
    """*Stop*, read what is kept, confirm."""
    window.get_by_role("button", name="Stop", exact=True).click()
    dialog = window.get_by_role("dialog")
    expect(dialog.get_by_text("Kept")).to_be_visible()
    dialog.get_by_role("button", name="Stop it").click()
    expect(window.get_by_text("Your environment is stopped.")).to_be_visible(timeout=30_000)


def shown_credentials(window: Frame) -> tuple[str, str]:
    """User name and password, as the card shows them once asked."""
    card = window.get_by_role("article", name="User name and password")
    card.get_by_role("button", name="Show the password").click()
    expect(card.get_by_role("button", name="Hide the password")).to_be_visible()
    username, password = field(card, "User name"), field(card, "Password")
    return username, password


def field(card: Locator, label: str) -> str:
    """The value beside a label of a description list."""
    value = card.locator("dt", has_text=label).first.locator("xpath=following-sibling::dd[1]")
    shown = eventually(lambda: value.inner_text().strip() or None, f"{label} is shown", 10)
    return shown.splitlines()[0].strip()


def axe(page: Page | Frame, source: str) -> list[str]:
    """What axe-core finds on a page: rule, help and the first place."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(source)
    violations = page.evaluate(
        "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a',"
        " 'wcag21aa', 'best-practice']})).violations"
    )
    return [f"{v['id']}: {v['help']} at {v['nodes'][0]['target']}" for v in violations]


_FOCUSED = """(() => { const at = document.activeElement
  return at && at !== document.body ? at.innerText.trim() || at.tagName : '' })()"""


def tab_to(page: Page, window: Frame, name: str) -> None:
    """Press Tab until the focus is on the button whose words begin with `name`."""
    seen: list[str] = []
    for _ in range(60):
        focused = window.evaluate(_FOCUSED)
        if focused.startswith(name):
            return
        seen.append(focused or page.evaluate(_FOCUSED))
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {name!r}, only {seen}")
