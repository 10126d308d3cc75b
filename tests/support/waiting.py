"""Wait for a condition, up to a deadline: `eventually` in plain code, `until` in coroutines.

Tests use these instead of fixed sleeps: a fixed sleep is too short on a busy machine, and too long
on a quiet one. A condition that is never met fails with what was waited for and what was seen last.
A condition may raise to give up early, when what it waits for can no longer come.
"""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")
_PATIENCE = 60.0
"""Seconds: long, for machines with other work; a quiet machine never waits for it."""
_PAUSE = 0.1
_SHORT_PAUSE = 0.02


def eventually(
    condition: Callable[[], T | None], what: str, seconds: float = _PATIENCE, pause: float = _PAUSE
) -> T:
    """The first truthy value of `condition`; fails with `what` when none comes in `seconds`."""
    deadline, last = time.monotonic() + seconds, None
    while True:
        last = condition()
        if last:
            return last
        if time.monotonic() > deadline:
            raise _missed(what, seconds, last)
        time.sleep(pause)


@overload
async def until(
    condition: Callable[[], Awaitable[T | None]],
    what: str = ...,
    seconds: float = ...,
    pause: float = ...,
) -> T: ...
@overload
async def until(
    condition: Callable[[], T | None], what: str = ..., seconds: float = ..., pause: float = ...
) -> T: ...
async def until(
    condition: Callable[[], Any],
    what: str = "",
    seconds: float = 100.0,
    pause: float = _SHORT_PAUSE,
) -> Any:
    """The same in a coroutine; `condition` may be a coroutine function too."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        answer = condition()
        last = await answer if inspect.isawaitable(answer) else answer
        if last:
            return last
        if loop.time() > deadline:
            raise _missed(what or getattr(condition, "__name__", "a condition"), seconds, last)
        await asyncio.sleep(pause)


def _missed(what: str, seconds: float, last: object) -> AssertionError:
    return AssertionError(f"not within {seconds:.0f} s: {what} (last seen: {last!r})")
