"""What production logging writes."""

import io
from collections.abc import Iterator

import pytest

from mydocker_kit.observability.logging import configure_logging


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """The lines that a service would write, whatever logs them."""
    file = io.StringIO()
    configure_logging("tests", "DEBUG", file, cache=False)
    yield file
    configure_logging("tests", "DEBUG", cache=False)
