"""Builds the student's window from the Course, the requested state and the observed status."""

from datetime import datetime

from mydocker_kit.contracts.orchestrator.environments import (
    STEPS,
    EnvironmentStatus,
    Reason,
    ReasonCode,
)

from ...domain.courses.opening import shown_slot
from ...domain.environments import lifecycle
from ...domain.environments.folders import folder_level, is_limited_by_files
from ...domain.environments.leases import earliest, renewed_until
from ...domain.environments.lifecycle import EnvironmentRequest
from ...domain.statuses import WindowState
from ...models.seen import SeenCourse, SeenEnvironment
from ...orchestration.specs import request_of
from ...sessions.schemas import OwnSession
from ...sessions.views import shown_to
from ...settings import Settings
from .admission import WindowView
from .connections import connections, shown_links
from .schemas import (
    Connection,
    Message,
    Progress,
    StudentWindow,
    TriedBuild,
    Visit,
    WindowCourse,
    WindowFolder,
    WindowLease,
)

_ON_THE_WAY = (WindowState.QUEUED, WindowState.STARTING)
_HAS_AN_END = (*_ON_THE_WAY, WindowState.READY)


def window(
    view: WindowView,
    status: EnvironmentStatus | None,
    settings: Settings,
    usual_seconds: float | None,
    now: datetime,
) -> StudentWindow:
    """Everything the page shows."""
    row = view.environment
    request = request_of(row) if row else None
    news = lifecycle.current(request, status)
    shown_phase = lifecycle.phase(request, status)
    opening = view.opening(now)
    state = lifecycle.state(shown_phase, opening)
    has_end = row is not None and state in _HAS_AN_END
    ends_at = earliest(row.ends_at, news.ends_at if news else None) if row and has_end else None
    lease = _lease(view, row, news if state is WindowState.READY else None, now)
    ready = row if state is WindowState.READY else None
    return StudentWindow(
        course=_course(view),
        session=_session(view, now),
        now=now,
        state=state,
        since=_since(row, news),
        version=(status.version if status else 0) + (row.revision if row else 0),
        attempt=row.attempt if row else 0,
        progress=_progress(row, news, usual_seconds) if row and state in _ON_THE_WAY else None,
        reason=_reason(row, request, news, state),
        opens_at=opening.opens_at,
        ends_at=ends_at,
        end_reason=_end_reason(news, ends_at),
        idle_stops_at=ready.idle_stops_at if ready else None,
        lease=lease,
        warn_at=lifecycle.warn_times(ends_at, _warn_seconds(row, settings)),
        connections=_cards(view, ready, news, settings) if ready else [],
        links=shown_links(view.course.window_options, ready, news, settings) if ready else [],
        username=ready.username if ready and view.course.show_username else None,
        has_password=bool(ready and view.course.show_password),
        last_logs=_last_logs(news, state),
        visits=[Visit(by=visit.by, at=visit.at) for visit in view.visits],
        messages=[Message(**dict(message)) for message in view.messages],
        folder=_folder(view, status),
        can=lifecycle.window_can(
            state,
            opening,
            startable=view.course.has_build,
            is_editor=view.is_editor and not view.course.is_trial,
            renewable=lease.renewable_until is not None,
        ),
    )


def _folder(view: WindowView, status: EnvironmentStatus | None) -> WindowFolder | None:
    """Also of an environment that has ended: its folder stays."""
    if status is None or status.folder is None or not view.course.save_work:
        return None
    use = status.folder
    return WindowFolder(
        used_bytes=use.used_bytes,
        allowed_bytes=use.allowed_bytes,
        used_files=use.used_files,
        allowed_files=use.allowed_files,
        level=folder_level(use),
        by_files=is_limited_by_files(use),
    )


def _lease(
    view: WindowView, row: SeenEnvironment | None, news: EnvironmentStatus | None, now: datetime
) -> WindowLease:
    minutes = row.plan.lease_minutes if row and row.plan else view.course.lease.minutes
    session_ends_at = row.ends_at if row else None
    return WindowLease(
        minutes=minutes,
        ends_at=news.lease_ends_at if news else None,
        hard_ends_at=news.hard_ends_at if news else None,
        renewable_until=renewed_until(minutes, news, session_ends_at, now),
        notify=view.course.lease.notify,
        sound=view.course.lease.sound,
    )


def _last_logs(news: EnvironmentStatus | None, state: WindowState) -> str:
    """The last output of a program that failed or ended by itself."""
    if news is None:
        return ""
    ended_by_itself = news.reason and news.reason.code is ReasonCode.ENDED_BY_ITSELF
    shown = state is WindowState.FAILED or (state is WindowState.STOPPED and ended_by_itself)
    return news.last_logs if shown else ""


def _end_reason(news: EnvironmentStatus | None, ends_at: datetime | None) -> ReasonCode | None:
    if ends_at is None:
        return None
    reason = news.end_reason if news and news.ends_at == ends_at else None
    return reason or ReasonCode.SESSION_OVER


def _warn_seconds(row: SeenEnvironment | None, settings: Settings) -> tuple[float, ...]:
    minutes = row.plan.warn_minutes if row and row.plan else None
    if minutes is None:
        return settings.warn_seconds
    return tuple(sorted((float(minute * 60) for minute in minutes), reverse=True))


def _cards(
    view: WindowView, row: SeenEnvironment, news: EnvironmentStatus | None, settings: Settings
) -> list[Connection]:
    """The cards of the ports that the Course shows; the first of them is the primary one."""
    hidden = view.course.window_options.hidden_ports
    cards = [card for card in connections(row, news, settings) if card.port not in hidden]
    for index, card in enumerate(cards):
        card.primary = index == 0
    return cards


def _course(view: WindowView) -> WindowCourse:
    course = view.course
    return WindowCourse(
        id=course.id,
        title=course.title,
        description=course.description,
        saves_work=course.save_work,
        takes_submissions=course.save_work and course.submissions.allowed,
        work_path=course.work_path,
        show_username=course.show_username,
        show_password=course.show_password,
        tried=_tried(course),
    )


def _tried(course: SeenCourse) -> TriedBuild | None:
    if not course.is_trial or course.image_id is None or course.build_id is None:
        return None
    return TriedBuild(image_id=course.image_id, build_id=course.build_id)


def _session(view: WindowView, now: datetime) -> OwnSession | None:
    slot = shown_slot(view.slots, now)
    if slot is None:
        return None
    row = next(session for session in view.sessions if session.id == slot.id)
    return shown_to(row, slot, now, view.course.title)


def _since(row: SeenEnvironment | None, news: EnvironmentStatus | None) -> datetime | None:
    if news is not None:
        return news.since
    return row.asked_at if row and row.attempt else None


def _progress(
    row: SeenEnvironment, news: EnvironmentStatus | None, usual_seconds: float | None
) -> Progress:
    return Progress(
        step=news.step if news else None,
        restarts=news.restarts if news else 0,
        number=lifecycle.step_number(news),
        steps=len(STEPS),
        waiting_for_ports=lifecycle.waits_for_ports(news),
        started_at=row.asked_at,
        usual_seconds=usual_seconds,
    )


def _reason(
    row: SeenEnvironment | None,
    request: EnvironmentRequest | None,
    news: EnvironmentStatus | None,
    state: WindowState,
) -> Reason | None:
    """Why it waits, ended or failed."""
    if request is not None and request.refusal and state is WindowState.FAILED:
        return request.refusal
    if news is not None and news.phase.value == state.value:
        return news.reason
    if row is not None and state is WindowState.STOPPED and row.stop_reason:
        words = {"words": row.stop_words} if row.stop_words else {}
        return Reason(code=row.stop_reason, parameters=words)
    return None
