"""Who a join link lets in, and where a ticket may lead."""

from datetime import timedelta

import pytest
from tests.api.rules.makers import NOW

from mydocker_api.domain.courses.joining import (
    JoinRefusal,
    JoinTerms,
    join_refusal,
    normalized_code,
    shown_code,
)
from mydocker_api.domain.edge.routing import LONGEST_PATH, local_path
from mydocker_api.domain.statuses import CourseStatus

MINUTE = timedelta(minutes=1)
READY = CourseStatus.READY


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (JoinTerms(False, None, None, 10_000, READY), None),
        (JoinTerms(False, NOW + MINUTE, 2, 1, READY), None),
        (JoinTerms(True, None, None, 0, READY), JoinRefusal.REVOKED),
        (JoinTerms(False, NOW, None, 0, READY), JoinRefusal.EXPIRED),
        (JoinTerms(False, None, 2, 2, READY), JoinRefusal.FULL),
        (JoinTerms(False, None, None, 0, CourseStatus.ARCHIVED), JoinRefusal.COURSE_CLOSED),
    ],
)
def test_a_link_lets_in_as_its_terms_say(terms: JoinTerms, expected: JoinRefusal | None) -> None:
    assert join_refusal(terms, NOW) is expected


def test_a_code_is_read_however_it_is_typed() -> None:
    assert normalized_code(" k7f3-9qd2\n") == "K7F39QD2"
    assert shown_code("K7F39QD2") == "K7F3-9QD2"


@pytest.mark.parametrize(
    "path",
    ["/", "/git-pull?repo=https%3A%2F%2Fgithub.com%2Fa%2Fb&urlpath=lab%2Ftree%2Fb&branch=main"],
)
def test_a_ticket_leads_to_a_page_of_its_own_host(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "/a\r\nSet-Cookie: x",
        "/é",
        "/" + "a" * LONGEST_PATH,
    ],
)
def test_a_ticket_never_leads_elsewhere(path: str) -> None:
    assert local_path(path) == "/"
