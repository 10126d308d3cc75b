"""What a check of a node found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One check: its name, whether it passed, and what is to be done if not."""

    name: str
    passed: bool
    words: str = ""
    grave: bool = True
    """False: a machine takes environments without it, and whoever runs it should know."""


def finding(name: str, passed: bool, words: str = "") -> Finding:
    """A grave one; its words are dropped where it passed."""
    return Finding(name, passed, "" if passed else words)
