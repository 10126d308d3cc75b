"""Tests on Swarms of several machines run only where they are asked for: `make faults`."""

import os

import pytest

_ASKED = os.environ.get("MYDOCKER_TEST_NODES")
LONG = _ASKED == "long"


def skip_unless_asked() -> None:
    """Skip a test, or what uses a fixture, without `MYDOCKER_TEST_NODES=short` or `long`."""
    if not _ASKED:
        pytest.skip("MYDOCKER_TEST_NODES is not set (make faults)")
