"""The state that a window shows: the requested state combined with the observed status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mydocker_kit.contracts.orchestrator.environments import (
    ALIVE,
    STEPS,
    EnvironmentStatus,
    Phase,
    Reason,
    SwarmStep,
)

from ..courses.opening import Availability, Opening
from ..statuses import RequestedState, WindowCan, WindowState

_ENDED = (Phase.STOPPED, Phase.FAILED)


@dataclass(frozen=True)
class EnvironmentRequest:
    """The requested state of an Environment, from its row."""

    attempt: int
    wanted: RequestedState
    revision: int
    asked_at: datetime
    refusal: Reason | None = None


def current(
    request: EnvironmentRequest | None, status: EnvironmentStatus | None
) -> EnvironmentStatus | None:
    """The status, if it is of the newest attempt."""
    if request is None or status is None or status.attempt < request.attempt:
        return None
    return status


def is_alive(request: EnvironmentRequest | None, status: EnvironmentStatus | None) -> bool:
    """Whether an attempt is requested and has not ended: a start would change nothing."""
    if (
        request is None
        or request.wanted is RequestedState.STOPPED
        or request.attempt == 0
        or request.refusal
    ):
        return False
    news = current(request, status)
    return news is None or news.phase not in (*_ENDED, Phase.STOPPING)


def is_on_its_way(request: EnvironmentRequest | None, status: EnvironmentStatus | None) -> bool:
    """Whether a requested attempt is neither ready nor over."""
    return is_alive(request, status) and phase(request, status) is not Phase.READY


def is_over(request: EnvironmentRequest | None, status: EnvironmentStatus | None) -> bool:
    """Whether a stop would change nothing."""
    return not is_alive(request, status)


def phase(request: EnvironmentRequest | None, status: EnvironmentStatus | None) -> Phase | None:
    """The phase that is shown; None when nothing was ever started."""
    if request is None or request.attempt == 0:
        return None
    if request.refusal:
        return Phase.FAILED
    news = current(request, status)
    if request.wanted is RequestedState.STOPPED:
        # The stop is not confirmed yet, or not done yet.
        return Phase.STOPPING if _still_there(request, status) else _ended(news)
    return news.phase if news else Phase.STARTING


def _still_there(request: EnvironmentRequest, status: EnvironmentStatus | None) -> bool:
    return status is not None and status.phase in (*ALIVE, Phase.STOPPING)


def _ended(news: EnvironmentStatus | None) -> Phase:
    return Phase.FAILED if news and news.phase is Phase.FAILED else Phase.STOPPED


def state(shown: Phase | None, opening: Opening) -> WindowState:
    """What the page shows: the phase, or why nothing can be started."""
    if shown not in (None, *_ENDED):
        return WindowState(shown)
    if opening.availability is Availability.NOT_YET:
        return WindowState.NOT_OPEN_YET
    if shown is not None:
        return WindowState(shown)
    return (
        WindowState.CLOSED
        if opening.availability is Availability.CLOSED
        else WindowState.NOT_STARTED
    )


def window_can(
    state: WindowState,
    opening: Opening,
    *,
    startable: bool,
    is_editor: bool,
    renewable: bool = False,
) -> list[WindowCan]:
    """What the person may do in this state."""
    may_start = startable and opening.availability is Availability.OPEN
    rights: list[WindowCan] = []
    match state:
        case WindowState.NOT_STARTED | WindowState.STOPPED | WindowState.FAILED:
            rights = [WindowCan.START] if may_start else []
            if state is WindowState.FAILED:
                rights.append(WindowCan.READ_LOGS)
        case WindowState.QUEUED | WindowState.STARTING:
            rights = [WindowCan.CANCEL, WindowCan.READ_LOGS]
        case WindowState.READY:
            rights = [WindowCan.OPEN, WindowCan.STOP, WindowCan.READ_LOGS]
            if may_start:
                rights.append(WindowCan.RESTART)
            if renewable:
                rights.append(WindowCan.RENEW)
        case _:
            pass
    return [*rights, WindowCan.EDIT_COURSE] if is_editor else rights


def step_number(news: EnvironmentStatus | None) -> int:
    """How many of the eight steps are reached, counted from 1."""
    return STEPS.index(news.step) + 1 if news and news.step else 1


def waits_for_ports(news: EnvironmentStatus | None) -> bool:
    """The container runs and its required ports have not all answered."""
    return bool(news and news.phase is Phase.STARTING and news.step is SwarmStep.RUNNING)


def warn_times(ends_at: datetime | None, seconds: Sequence[float]) -> list[datetime]:
    """When to warn before an end, earliest first."""
    return [ends_at - timedelta(seconds=before) for before in seconds] if ends_at else []


def warnings_due(
    ends_at: datetime | None, seconds: Sequence[float], after: datetime, now: datetime
) -> bool:
    """Whether a warning's moment lies in (after, now]."""
    return any(after < moment <= now for moment in warn_times(ends_at, seconds))
