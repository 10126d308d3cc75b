"""How the demo's people keep a fresh access token, against a real gateway and the demo's LMS."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from deploy.demo.examples import campus_user
from deploy.demo.examples.campus_user import CampusUser
from pydantic import SecretStr
from tests.conftest import ServiceKeys
from tests.lti_gateway.demo_stack import DemoStack, demo_stack
from tests.lti_gateway.launch.test_with_the_demo_lms import placed

_ADMISSIONS = ("/lti/tickets", "/lti/tokens/refresh")


class Person(CampusUser):
    """A person of the campus who notes which requests gave an access token."""

    admissions: list[str]

    def _exchange(self, method: str, url: str, *given: Any, **options: Any) -> Any:
        if urlsplit(url).path in _ADMISSIONS:
            self.admissions.append(urlsplit(url).path)
        return super()._exchange(method, url, *given, **options)


class Clock:
    """A monotonic clock that a test sets."""

    seconds = 5.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of a machine that booted five seconds ago."""
    clock = Clock()
    monkeypatch.setattr(campus_user, "time", clock)
    return clock


@pytest.fixture
async def there(
    database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr, tmp_path: Path
) -> AsyncIterator[DemoStack]:
    async with demo_stack(database_url, service_keys, vault_keys, tmp_path) as running_stack:
        yield running_stack


def person(there: DemoStack, slug: str) -> Person:
    origins = SimpleNamespace(lms_origin=there.lms, app_origin=there.tool)
    made = Person(origins, slug)  # type: ignore[arg-type]
    made.admissions = []
    return made


@pytest.fixture
def teacher(there: DemoStack) -> Iterator[Person]:
    with person(there, "claire-fontaine") as made:
        yield made


@pytest.fixture
def student(there: DemoStack) -> Iterator[Person]:
    with person(there, "amina-benali") as made:
        yield made


async def token(of: Person) -> str:
    return await asyncio.to_thread(lambda: of.token)


async def test_the_first_token_on_a_machine_that_has_just_booted(
    clock: Clock, teacher: Person
) -> None:
    """The demo failed with `Illegal header value b'Bearer '` where the clock was below 480."""
    assert await token(teacher) != ""
    assert teacher.admissions == ["/lti/tickets"]


async def test_a_fresh_token_is_kept(clock: Clock, teacher: Person) -> None:
    first = await token(teacher)
    clock.seconds += 400
    assert await token(teacher) == first


async def test_a_student_refreshes_as_the_page_does(
    there: DemoStack, clock: Clock, student: Person
) -> None:
    """The picker, by which a teacher may enter again, is not found by students."""
    activity = await placed(there)
    await asyncio.to_thread(student.enter_activity, activity)
    for _ in range(3):
        before = await token(student)
        clock.seconds += 500
        assert await token(student) != before
    assert student.admissions == ["/lti/tickets", *["/lti/tokens/refresh"] * 3]


async def test_a_student_whose_web_session_is_over_enters_by_the_same_activity(
    there: DemoStack, clock: Clock, student: Person
) -> None:
    activity = await placed(there)
    await asyncio.to_thread(student.enter_activity, activity)
    student._cookies.clear()
    clock.seconds += 24 * 3600
    assert await token(student) != ""
    assert student.admissions == ["/lti/tickets", "/lti/tokens/refresh", "/lti/tickets"]


async def test_threads_of_one_person_refresh_once(
    there: DemoStack, clock: Clock, student: Person
) -> None:
    """Two refreshes with one refresh token end the web session: it looks stolen."""
    activity = await placed(there)
    await asyncio.to_thread(student.enter_activity, activity)
    clock.seconds += 500
    tokens = await asyncio.gather(*(token(student) for _ in range(8)))
    assert len(set(tokens)) == 1
    assert student.admissions == ["/lti/tickets", "/lti/tokens/refresh"]
