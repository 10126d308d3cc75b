"""Entity tags and `If-Match` as RFC 9110 describes them."""

import time
from datetime import UTC, datetime

import pytest
from pydantic import BaseModel

from mydocker_kit.errors import EditedMeanwhile
from mydocker_kit.etags import (
    ANY_VERSION,
    MOST_TAGS,
    IfMatch,
    PreconditionMalformed,
    etag_of,
)


class Draft(BaseModel):
    title: str
    text: str = ""


def test_equal_fields_have_one_strong_tag_and_others_another() -> None:
    tag = etag_of(Draft(title="A"))
    assert tag == etag_of(Draft(title="A", text=""))
    assert tag.startswith('"')
    assert tag.endswith('"')
    assert len(tag) == 34
    others = [Draft(title="a"), Draft(title="A", text=" "), Draft(title="", text="A")]
    assert tag not in [etag_of(other) for other in others]


def test_parts_do_not_run_into_each_other() -> None:
    assert etag_of(Draft(title="A"), Draft(title="B")) != etag_of(
        Draft(title="B"), Draft(title="A")
    )


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ('"a"', {'"a"'}),
        ('  "a"  ', {'"a"'}),
        ('"a","b" ,\t"c"', {'"a"', '"b"', '"c"'}),
        (',, "a",,"b", ,', {'"a"', '"b"'}),
        ('""', {'""'}),
        ('"a,b"', {'"a,b"'}),
        ('"*"', {'"*"'}),
        ('"\xe9"', {'"\xe9"'}),
        ('W/"a", "b"', {'"b"'}),
        ('W/"a"', set()),
    ],
)
def test_lists_are_read(header: str, tags: set[str]) -> None:
    assert IfMatch.parse(header).tags == frozenset(tags)


@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        ",",
        "a",
        '"a',
        'a"',
        "'a'",
        '"a" "b"',
        '"a";"b"',
        'w/"a"',
        'W/ "a"',
        '"a b"',
        '"\x00"',
        '"a\x7f"',
        '*, "a"',
        "**",
        "undefined",
        ", ".join(['"a"'] * (MOST_TAGS + 1)),
    ],
)
def test_anything_else_is_malformed(header: str) -> None:
    with pytest.raises(PreconditionMalformed) as refused:
        IfMatch.parse(header)
    assert (refused.value.status, refused.value.code) == (400, "precondition_malformed")


def test_a_long_header_is_read_in_linear_time() -> None:
    begun = time.perf_counter()
    for text in ('"' * 60_000, "," * 60_000, 'W/"' * 20_000, '"a"' + " " * 60_000 + "x"):
        with pytest.raises(PreconditionMalformed):
            IfMatch.parse(text)
    assert time.perf_counter() - begun < 1


def test_a_star_admits_any_version_that_exists() -> None:
    assert IfMatch.parse(" * ") == ANY_VERSION
    assert ANY_VERSION.admits('"a"')
    assert not ANY_VERSION.admits(None)


def test_comparison_is_strong() -> None:
    assert IfMatch.parse('"b", "a"').admits('"a"')
    assert not IfMatch.parse('W/"a"').admits('"a"')
    assert not IfMatch.parse('"a"').admits(None)


def test_a_refusal_names_the_version_and_who_made_it() -> None:
    at = datetime(2026, 11, 29, 10, tzinfo=UTC)
    with pytest.raises(EditedMeanwhile) as refused:
        IfMatch.parse('"old"').check('"new"', changed_at=at, changed_by="Grace")
    assert (refused.value.status, refused.value.code) == (412, "edited_meanwhile")
    assert refused.value.parameters == {
        "etag": '"new"',
        "changed_at": "2026-11-29T10:00:00+00:00",
        "changed_by": "Grace",
    }


@pytest.mark.parametrize("header", ["*", '"a"', '"a", "b"'])
def test_what_was_parsed_is_sent_on(header: str) -> None:
    assert IfMatch.parse(str(IfMatch.parse(header))) == IfMatch.parse(header)
