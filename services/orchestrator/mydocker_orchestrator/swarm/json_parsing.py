"""Large listings without the collector: half of a pass over thousands of tasks was its work."""

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def uncollected() -> Iterator[None]:
    """Put off looking for cycles; for code that makes many objects, no cycles, and never waits."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def parsed(body: bytes) -> Any:
    """The value of a JSON text."""
    with uncollected():
        return json.loads(body)
