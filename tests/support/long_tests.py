"""Tests with a short form for every change and a long one: `make long`, `make faults`."""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
LONG = "MYDOCKER_LONG_TESTS" in os.environ


def sample(values: Sequence[T], every: int) -> Sequence[T]:
    """All `values` in the long form; of each `every` the first in the short one."""
    return values if LONG else values[::every]
