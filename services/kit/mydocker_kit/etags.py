"""Entity tags and preconditions (RFC 9110, 8.8.3 and 13.1): an edit overwrites nothing unseen.

Each resource that people edit has one strong `ETag`: a digest of the fields that an edit replaces
(its draft). Counters and states that the server adds to an answer are not part of it, so a started
environment or a finished build outdates nobody's form. There is no column to keep in step: the tag
follows from the row.

An edit names in `If-Match` the tag that it read. The service that owns the row locks it, computes
the tag and calls `IfMatch.check` in the transaction that writes: of two edits with one tag, one
wins and the other gets `edited_meanwhile` (412) with the current tag. An edit whose wanted state
is the current one already may be answered as done (RFC 9110, 13.1.1): its first answer was lost.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from pydantic import BaseModel

from .errors import EditedMeanwhile, ProblemError
from .observability.logging import get_logger

log = get_logger()

_ENTITY_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_SEPARATOR = re.compile(r"[ \t]*(?:,[ \t]*)+")
MOST_TAGS = 20
"""In one header field; each is compared."""


class IfMatchRequired(ProblemError):
    """The edit does not say which version it changes (RFC 6585, 3)."""

    status, code, title = 428, "if_match_required", "Send the ETag that you read as If-Match"


class PreconditionMalformed(ProblemError):
    """`If-Match` or `If-None-Match` does not follow its grammar."""

    status, code, title = 400, "precondition_malformed", "If-Match is no list of entity tags"


def etag_of(*edited: BaseModel) -> str:
    """The strong entity tag of these edited fields, as it is sent."""
    digest = hashlib.sha256()
    for part in edited:
        text = part.model_dump_json().encode()
        digest.update(len(text).to_bytes(8) + text)
    return f'"{digest.hexdigest()[:32]}"'


@dataclass(frozen=True)
class IfMatch:
    """The versions that an edit may replace."""

    tags: frozenset[str] | None
    """Strong tags; None: `*`, any version. Weak tags never match here (RFC 9110, 13.1.1)."""

    @classmethod
    def parse(cls, header: str) -> Self:
        """The value of the header field; raises `PreconditionMalformed`."""
        if header.strip(" \t") == "*":
            return cls(None)
        return cls(frozenset(_strong_tags(header)))

    def admits(self, current: str | None) -> bool:
        """Whether the version may be replaced; None: there is none."""
        if current is None:
            return False
        return self.tags is None or current in self.tags

    def check(
        self,
        current: str | None,
        *,
        changed_at: datetime | None = None,
        changed_by: str | None = None,
    ) -> None:
        """Raise `EditedMeanwhile` unless the version may be replaced."""
        if not self.admits(current):
            log.info("edit.outdated", expected=str(self), current=current)
            raise EditedMeanwhile(
                etag=current,
                changed_at=changed_at.isoformat() if changed_at else None,
                changed_by=changed_by,
            )

    def __str__(self) -> str:
        return "*" if self.tags is None else ", ".join(sorted(self.tags))


ANY_VERSION = IfMatch(None)


def _strong_tags(header: str) -> list[str]:
    """The strong tags of a list; empty elements are allowed (RFC 9110, 5.6.1)."""
    text = header.strip(" \t,")
    tags: list[str] = []
    position, seen = 0, 0
    while position < len(text):
        if (tag := _ENTITY_TAG.match(text, position)) is None or seen == MOST_TAGS:
            raise PreconditionMalformed
        seen += 1
        if tag[1] is None:
            tags.append(tag[2])
        position = tag.end()
        if position == len(text):
            break
        if (separator := _SEPARATOR.match(text, position)) is None:
            raise PreconditionMalformed
        position = separator.end()
    if not seen:
        raise PreconditionMalformed
    return tags
