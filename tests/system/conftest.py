"""One campus for all journeys, started by the same command as `make demo`, and a real browser."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from deploy.machine.instance import ROOT, Instance, cache_folder
from deploy.machine.network.ports import Ports
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.browsers import CHROMIUM, QUIET, THIRD_PARTY_COOKIES_BLOCKED
from tests.system.campus import Campus, Student
from tests.system.own_campus import UP_SECONDS, own_campus
from tests.system.request_rate import BUDGET, RequestRate

TEACHER = "claire-fontaine"
PICTURES = ROOT / ".state" / "system"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test waits for engines, images and builds."""
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    for number, item in enumerate(here):
        item.add_marker(pytest.mark.timeout(UP_SECONDS if number == 0 else 300))


@pytest.fixture(scope="session")
def campus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campus]:
    """A campus of this run's own; or, while developing, the demo in `MYDOCKER_CAMPUS`."""
    given = os.environ.get("MYDOCKER_CAMPUS")
    if given:
        name = os.environ.get("MYDOCKER_CAMPUS_NAME", "demo")
        yield Campus(Instance(name, Path(given).resolve(), Ports(), cache=cache_folder()))
        return
    with own_campus(tmp_path_factory.mktemp("campus")) as campus:
        yield campus


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; its default contexts block third-party cookies."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*QUIET, THIRD_PARTY_COOKIES_BLOCKED]
        )
        yield browser
        browser.close()


NewContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[NewContext]:
    """Makes browser contexts; when the test fails, what each page showed is kept as a picture."""
    contexts: list[BrowserContext] = []
    rate = RequestRate()

    def make(**options: object) -> BrowserContext:
        wanted = {"locale": "en-GB", "viewport": {"width": 1280, "height": 900}, **options}
        context = browser.new_context(**wanted)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        contexts.append(context)
        rate.watch(context)
        return context

    failed_before = request.session.testsfailed
    yield make
    if request.session.testsfailed > failed_before:
        PICTURES.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "_", request.node.name)
        for number, page in enumerate(p for context in contexts for p in context.pages):
            page.screenshot(path=PICTURES / f"{name}-{number}.png")
    for context in contexts:
        context.close()
    assert rate.busiest() <= BUDGET, "a page asks more often than the rate limit allows for"


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """One page in a context of its own."""
    return new_context().new_page()


@pytest.fixture
def teacher(campus: Campus) -> Iterator[Student]:
    """The teacher of the campus, over HTTP."""
    with Student(campus.instance, TEACHER) as person:
        yield person


def course_named(teacher: Student, part: str) -> str:
    """The id of the teacher's Course whose title holds `part`."""
    items = teacher.api("GET", "/api/courses", search=part)["items"]
    return str(next(item["id"] for item in items if part in item["title"]))
