"""What an operation may be refused with."""

from collections.abc import Callable
from dataclasses import dataclass

from mydocker_kit.errors import ProblemError


@dataclass(frozen=True, order=True)
class Refusal:
    """One answer that is no success."""

    status: int
    code: str
    title: str


Raised = frozenset[tuple[type[ProblemError], Refusal]]
"""Refusals with the class that `except` sees: of another service's refusal, that of its status."""


Relay = Callable[[type, str, str], Raised]
"""What a call by this client class, of this method and path, may be refused with."""


NOTHING: Raised = frozenset()


def refusal_of(kind: type[ProblemError]) -> Raised:
    """The refusal that raising this class means."""
    return frozenset({(kind, Refusal(kind.status, kind.code, kind.title))})
