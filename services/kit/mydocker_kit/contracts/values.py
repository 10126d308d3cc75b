"""Text, instants and numbers that storage can hold: the types of every field that others fill.

PostgreSQL stores no NUL, UTF-8 knows no lone surrogate, and Python cannot convert an instant near
the years 1 and 9999 to UTC. So each field of a request names one of these types:

- `Text`: what a person writes. NUL and lone surrogates are refused (`text_unusable`): no keyboard
  makes them. Other control characters and bidirectional overrides, which come along with a paste,
  are removed; a line break or tab in a one-line text becomes a space. Zero-width joiners stay:
  Persian, Hindi and family emoji are written with them.
- `Opaque`: an identifier or a secret of another system, never changed; what cannot be stored is
  refused.
- `Foreign`: a name or title that another system says of somebody. It is cleaned and cut and never
  refused, so that nobody is locked out by an odd name; None when nothing visible is left.
- `Printed`: what programs print, cleaned of the same characters.
- `Instant`: an instant with a zone, in the years 2000 to 2200.
- `Row` and `Serial`: numbers that an `integer` and a `bigint` column hold.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

FIRST_YEAR, LAST_YEAR = 2000, 2200
_BIDI = "\u202a-\u202e\u2066-\u206f"
_UNUSABLE = re.compile("[\x00\ud800-\udfff]")
_BREAKS = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
_CARRIAGE_RETURN = re.compile("\r\n?")
_ODD_IN_LINES = re.compile(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff{_BIDI}]")
_ODD_IN_TEXTS = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{_BIDI}]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"})
# Default-ignorable characters of visible categories: Hangul and Khmer fillers, the blank pattern of
# Braille, and what Unicode reserves for further invisible ones.
_BLANK = re.compile(
    "[\u115f\u1160\u17b4\u17b5\u2065\u2800\u3164\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)


def is_storable(text: str) -> bool:
    """Whether PostgreSQL and UTF-8 can hold it; JSON says more than they do."""
    return _UNUSABLE.search(text) is None


def is_visible(text: str) -> bool:
    """Whether anything of it can be seen: spaces, joiners and combining marks alone cannot."""
    return any(unicodedata.category(sign) not in _INVISIBLE for sign in _BLANK.sub("", text))


def clean_line(text: str) -> str:
    """One line without control characters, bidirectional overrides and what cannot be stored."""
    if text.isprintable():
        return text
    return _ODD_IN_LINES.sub("", _BREAKS.sub(" ", text))


def clean_text(text: str) -> str:
    """The same for several lines: tabs stay, and line breaks, each as LF."""
    return _ODD_IN_TEXTS.sub("", _CARRIAGE_RETURN.sub("\n", text))


def external_text(text: str | None, longest: int = 255) -> str | None:
    """A name or title of another system, fit to store and show; None when nothing is visible."""
    cleaned = " ".join(clean_line(text or "").split())[:longest].rstrip()
    return cleaned if is_visible(cleaned) else None


@dataclass(frozen=True)
class Text:
    """`Annotated[str, Text(...)]`: what a person writes."""

    max_length: int
    min_length: int = 0
    lines: bool = False
    """Several lines: tabs and line breaks stay."""
    visible: bool = False
    """Refused (`text_invisible`) when there is something and nothing of it can be seen."""
    stripped: bool = False
    pattern: str | None = None

    def __get_pydantic_core_schema__(self, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        inner = core_schema.str_schema(
            min_length=self.min_length or None,
            max_length=self.max_length,
            strip_whitespace=self.stripped or None,
            pattern=self.pattern,
        )
        return core_schema.no_info_before_validator_function(self._clean, inner)

    def _clean(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        _refuse_unusable(value)
        cleaned = clean_text(value) if self.lines else clean_line(value)
        if self.visible and value and not is_visible(cleaned):
            raise PydanticCustomError("text_invisible", "Nothing of this text can be seen")
        return cleaned


@dataclass(frozen=True)
class Opaque:
    """`Annotated[str, Opaque(...)]`: an identifier or a secret, kept sign by sign."""

    max_length: int
    min_length: int = 0

    def __get_pydantic_core_schema__(self, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        inner = core_schema.str_schema(
            min_length=self.min_length or None, max_length=self.max_length
        )
        return core_schema.no_info_before_validator_function(_usable, inner)


@dataclass(frozen=True)
class Foreign:
    """`Annotated[str | None, Foreign(...)]`: what another system calls somebody or something."""

    max_length: int = 255

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._clean, handler(source))

    def _clean(self, value: Any) -> Any:
        return external_text(value, self.max_length) if isinstance(value, str) else value


def _printed(value: Any) -> Any:
    return clean_text(value) if isinstance(value, str) else value


Printed = Annotated[str, BeforeValidator(_printed)]


def _usable(value: Any) -> Any:
    if isinstance(value, str):
        _refuse_unusable(value)
    return value


STORABLE = BeforeValidator(_usable)
"""For texts of other types: `Annotated[SecretStr, STORABLE]`."""


def _refuse_unusable(text: str) -> None:
    if not is_storable(text):
        raise PydanticCustomError("text_unusable", "A character of this text cannot be stored")


def _in_range(instant: AwareDatetime) -> AwareDatetime:
    # By the year alone: near its ends the calendar cannot even be converted to UTC.
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise PydanticCustomError("instant_out_of_range", "The year must be from 2000 to 2200")
    return instant


Instant = Annotated[AwareDatetime, AfterValidator(_in_range)]
Row = Annotated[int, Field(ge=0, le=2**31 - 1)]
Serial = Annotated[int, Field(ge=0, le=2**62)]
