"""What the person in front of the terminal sees: steps, seconds, one sentence when it ends."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.machine.failures import doing

_SILENT_SECONDS = 2.0
"""A step may take this long before it says that it is at work."""
_EVERY_SECONDS = 10.0
"""How often a step speaks where lines cannot be rewritten (a log file)."""


class Report:
    """Prints steps as they go. `quiet` keeps only warnings, for tests."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._rewrites = sys.stdout.isatty() and not quiet
        self._detail = ""

    def say(self, line: str = "") -> None:
        if not self._quiet:
            print(line, flush=True)

    def detail(self, text: str) -> None:
        """What the running step is doing right now."""
        self._detail = text

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Do one thing, counting its seconds where it takes more than two."""
        self._detail = ""
        began, over = time.monotonic(), threading.Event()
        ticker = threading.Thread(target=self._tick, args=(title, began, over), daemon=True)
        ticker.start()
        try:
            with doing(title):
                yield
        except BaseException:
            self._end(over, ticker)
            self.say(f"  ✗ {title}")
            raise
        self._end(over, ticker)
        seconds = time.monotonic() - began
        self.say(f"  ✓ {title}" + (f"  {seconds:.0f} s" if seconds >= _SILENT_SECONDS else ""))

    def _end(self, over: threading.Event, ticker: threading.Thread) -> None:
        over.set()
        ticker.join()
        if self._rewrites:
            print("\r\033[K", end="", flush=True)

    def _tick(self, title: str, began: float, over: threading.Event) -> None:
        wait = _SILENT_SECONDS
        while not over.wait(wait):
            seconds = time.monotonic() - began
            text = f"  … {title}  {seconds:.0f} s"
            if self._detail:
                text += f"  {self._detail}"
            if self._rewrites:
                print(f"\r\033[K{text[:110]}", end="", flush=True)
                wait = 1.0
            else:
                self.say(text)
                wait = _EVERY_SECONDS
