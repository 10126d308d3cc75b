"""Texts and instants that storage can hold."""

from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from mydocker_kit.contracts.values import (
    Foreign,
    Instant,
    Opaque,
    Text,
    clean_line,
    clean_text,
    external_text,
    is_storable,
    is_visible,
)

TITLE = TypeAdapter[str](Annotated[str, Text(max_length=20, visible=True)])
PARAGRAPHS = TypeAdapter[str](Annotated[str, Text(max_length=200, lines=True)])
OPAQUE = TypeAdapter[str](Annotated[str, Opaque(max_length=20)])
NAME = TypeAdapter[str | None](Annotated[str | None, Foreign(max_length=5)])
INSTANT = TypeAdapter[Any](Instant)
ANYTHING = st.text(st.characters(codec=None))


def code(adapter: TypeAdapter[Any], value: object) -> str:
    with pytest.raises(ValidationError) as refused:
        adapter.validate_python(value)
    return refused.value.errors()[0]["type"]


@pytest.mark.parametrize("adapter", [TITLE, PARAGRAPHS, OPAQUE])
@pytest.mark.parametrize("value", ["\x00", "a\x00b", "\ud800", "a\udfff"])
def test_what_cannot_be_stored_is_refused(adapter: TypeAdapter[str], value: str) -> None:
    assert code(adapter, value) == "text_unusable"


def test_a_paste_is_cleaned() -> None:
    assert TITLE.validate_python("a\t\r\nb\u2028c\x7f\x9b\u202e\u2066") == "a b c"
    assert PARAGRAPHS.validate_python("a\tb\r\nc\rd\x0b\u202e") == "a\tb\nc\nd"
    assert OPAQUE.validate_python("a\x07\u202e") == "a\x07\u202e"


def test_lengths_count_what_is_kept() -> None:
    assert TITLE.validate_python("\x07" * 30 + "a") == "a"
    assert code(TITLE, "a" * 21) == "string_too_long"


@pytest.mark.parametrize("text", ["می\u200cخواهم", "क्\u200dष", "👩\u200d💻", "❤\ufe0f", "e\u0301"])
def test_joiners_and_marks_stay(text: str) -> None:
    assert TITLE.validate_python(text) == text
    assert external_text(text) == text


@pytest.mark.parametrize(
    "text",
    [" ", "\u00a0", "\u200b\u200d", "\ufeff", "\u3164", "\u2800", "\u0301", "\U000e0041", "\x07"],
)
def test_what_cannot_be_seen(text: str) -> None:
    assert not is_visible(text)
    assert code(TITLE, text) == "text_invisible"
    assert external_text(text) is None


def test_nothing_at_all_is_for_the_length_to_judge() -> None:
    assert TITLE.validate_python("") == ""


@pytest.mark.parametrize("sign", ["🫨", "\U0001fae9", "中", "a", "!", "\ue000"])
def test_new_signs_count_as_visible(sign: str) -> None:
    assert is_visible(sign)


def test_names_of_others_are_cut_and_never_refused() -> None:
    assert NAME.validate_python("  A\x00\ud800da\u202e   Lovelace") == "Ada L"
    assert NAME.validate_python("\u200b") is None
    assert NAME.validate_python(None) is None


@given(ANYTHING)
def test_whatever_comes_is_fit_to_store_and_stays_so(text: str) -> None:
    for clean in (clean_line, clean_text):
        cleaned = clean(text)
        assert is_storable(cleaned)
        assert clean(cleaned) == cleaned
        cleaned.encode()
    assert "\n" not in clean_line(text)


@pytest.mark.parametrize(
    "value",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "1999-12-31T23:59:59Z",
        "2201-01-01T00:00:00Z",
    ],
)
def test_instants_far_away_are_refused(value: str) -> None:
    assert code(INSTANT, value) == "instant_out_of_range"


def test_instants_of_our_time() -> None:
    for value in ("2000-01-01T00:00:00+14:00", "2200-12-31T23:59:59-12:00"):
        INSTANT.validate_python(value)
    assert code(INSTANT, "2026-01-01T00:00:00") == "timezone_aware"
