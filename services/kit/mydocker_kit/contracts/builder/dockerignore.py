"""The rules of `.dockerignore`, as BuildKit applies them.

Patterns are relative to the context; `*` and `?` stop at slashes, `**` does not; a pattern that
matches a folder matches everything in it; `!` takes out again; the last match decides.
References: `ignorefile.ReadAll` and `PatternMatcher.MatchesOrParentMatches` in
github.com/moby/patternmatcher.
"""

import posixpath
import re
from dataclasses import dataclass
from typing import NamedTuple

FILE_NAME = ".dockerignore"
_ESCAPED = ".$+(){}|"


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    is_exception: bool


@dataclass(frozen=True)
class IgnoreRules:
    """The rules of one file."""

    text: str
    rules: tuple[_Rule, ...]

    @classmethod
    def parse(cls, text: str) -> "IgnoreRules":
        """Rules of this text; a pattern that cannot be read matches nothing."""
        rules = []
        for line in text.removeprefix("\ufeff").splitlines():
            pattern = "" if line.startswith("#") else line.strip()
            is_exception = pattern.startswith("!")
            pattern = pattern.removeprefix("!").strip()
            if not pattern:
                continue
            cleaned = posixpath.normpath(pattern).lstrip("/")
            try:
                rules.append(_Rule(re.compile(_expression(cleaned), re.DOTALL), is_exception))
            except re.error:
                continue
        return cls(text, tuple(rules))

    def leaves_out(self, path: str) -> bool:
        """Whether a build does not get this path."""
        parts = path.split("/")
        parents = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
        is_out = False
        for rule in self.rules:
            if any(rule.pattern.match(parent) for parent in parents):
                is_out = not rule.is_exception
        return is_out


def _expression(pattern: str) -> str:
    """The pattern as a regular expression, character by character as BuildKit does it."""
    parts, at = [], 0
    while at < len(pattern):
        sign = pattern[at]
        at += 1
        if pattern.startswith("*", at) and sign == "*":
            at += 1
            at += pattern.startswith("/", at)
            parts.append(".*" if at >= len(pattern) else "(?:.*/)?")
        elif sign == "*":
            parts.append("[^/]*")
        elif sign == "?":
            parts.append("[^/]")
        elif sign == "\\" and at < len(pattern):
            parts.append(re.escape(pattern[at]))
            at += 1
        else:
            parts.append("\\" + sign if sign in _ESCAPED else sign)
    return "".join(parts) + r"\Z"
