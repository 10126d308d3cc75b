"""The three parts of what a refusal page says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """A heading, one sentence on what happened, and what to do now."""

    title: str
    what: str
    do: str
