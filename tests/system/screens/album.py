"""Pictures of a screen in every look, and what axe and a narrow page have to say about it."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from deploy.machine.instance import ROOT
from playwright.sync_api import CDPSession, Frame, Page, ViewportSize, expect
from tests.system import pages

PICTURES = ROOT / ".state" / "pictures"
_AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_PREFERENCES = re.compile("Language and appearance|Langue et apparence")
_NAMES = {"en": "English", "fr": "Français"}
_WIDE: ViewportSize = {"width": 1280, "height": 860}
_NARROW: ViewportSize = {"width": 400, "height": 800}
_SETTLED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
  () => Promise.allSettled(document.getAnimations()
    .filter((one) => one.effect?.getTiming().iterations !== Infinity)
    .map((one) => one.finished)).then(() => done()))))"""


@dataclass(frozen=True)
class Look:
    """One way of looking at a screen."""

    language: str
    scheme: str
    size: ViewportSize

    @property
    def name(self) -> str:
        return f"{self.language}-{self.scheme}-{self.size['width']}"


LOOKS = (
    Look("en", "light", _WIDE),
    Look("fr", "dark", _WIDE),
    Look("fr", "light", _NARROW),
    Look("en", "dark", _NARROW),
)
"""Each language, scheme and width, and each two of them together."""
FIRST, TWO = LOOKS[:1], (LOOKS[2], LOOKS[0])
"""For what another screen showed in the other looks."""
_WHOLE = bool(os.environ.get("MYDOCKER_ALL_LOOKS"))


def looks_of(name: str) -> Sequence[Look]:
    """All for `make screenshots`. Else two: both languages and widths, in a scheme by name.

    A screen that broke in one look alone would still be found by that target. English is last:
    whoever goes on reads it.
    """
    if _WHOLE:
        return LOOKS
    return TWO if crc32(name.encode()) % 2 else (LOOKS[1], LOOKS[3])


@dataclass
class Album:
    """The pictures of one page; `problems` are what was found on the way."""

    page: Page
    problems: list[str] = field(default_factory=list)
    _wire: CDPSession | None = None

    def take(
        self,
        name: str,
        looks: Sequence[Look] = (),
        opens: Callable[[], object] | None = None,
    ) -> None:
        """The application's screen as it stands; language and scheme change without a reload.

        `opens` brings up a dialog, which a change of language has to close first.
        """
        spoken = ""
        for look in looks or looks_of(name):
            if look.language != spoken:
                if opens and spoken:
                    self.close()
                spoken = speak(self.page, look.language)
                if opens:
                    opens()
            self.keep(name, look)
        if opens:
            self.close()

    def close(self) -> None:
        """Close the dialog, as everybody may."""
        self.page.keyboard.press("Escape")
        expect(self.page.get_by_role("dialog")).to_be_hidden()

    def take_served(
        self, name: str, show: Callable[[Look], object], looks: Sequence[Look] = ()
    ) -> None:
        """A page that a server writes: `show` fetches it for the look."""
        for look in looks or looks_of(name):
            self._ask_in(look.language)
            show(look)
            expect(self.page.locator("h1")).to_be_visible()
            written = self.page.evaluate("document.documentElement.lang")
            if written != look.language:
                self.problems.append(f"{name} {look.name}: written in {written!r}")
            self.keep(name, look)

    def take_framed(self, name: str) -> None:
        """Our page inside the LMS's, which stays in the language it came in."""
        for look in LOOKS if _WHOLE else (LOOKS[0], LOOKS[3]):
            self.keep(f"{name}-in-lms", look, pages.tool_frame(self.page))

    def _ask_in(self, language: str) -> None:
        """What the browser says that its person reads."""
        if self._wire is None:
            self._wire = self.page.context.new_cdp_session(self.page)
        browser = self.page.evaluate("navigator.userAgent")
        wish = {"userAgent": browser, "acceptLanguage": language}
        self._wire.send("Emulation.setUserAgentOverride", wish)

    def keep(self, name: str, look: Look, within: Frame | None = None) -> None:
        """A picture, then what axe and the eye at 400 px would say; of the frame, if one is named.

        axe sees nothing of a frame of another site unless it is asked there.
        """
        self.page.set_viewport_size(look.size)
        self.page.emulate_media(color_scheme=look.scheme)  # type: ignore[arg-type]
        self.page.mouse.move(0, 0)
        self.page.evaluate(_SETTLED)
        if len(self.page.frames) > 1:
            self.page.wait_for_timeout(300)  # frames out of view draw when the browser likes
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}-{look.name}.png", full_page=True)
        judged = within or self.page
        over = judged.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            self.problems.append(f"{name} {look.name}: {over} px over the edge")
        violations = pages.axe(judged, _AXE.read_text(encoding="utf-8"))
        self.problems += [f"{name} {look.name}: {problem}" for problem in violations]

    def check(self) -> None:
        assert not self.problems, "\n".join(self.problems)


def speak(page: Page, language: str) -> str:
    """Choose the language as a person does, in the menu that every page has."""
    if page.evaluate("document.documentElement.lang") != language:
        page.set_viewport_size(_WIDE)
        page.get_by_role("button", name=_PREFERENCES).click()
        page.get_by_role("menuitem", name=_NAMES[language]).click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.get_by_role("menu")).to_be_hidden()
    return language
