"""Builds the student's window from the Course, the requested state and the observed status."""

from datetime import datetime

from mydocker_kit.contracts.environments import (
    STEPS,
    WEB_KINDS,
    Address,
    EnvironmentStatus,
    PortKind,
    Reason,
    ReasonCode,
)
from mydocker_kit.contracts.pools import FIRST_FREE

from ...domain.courses.opening import shown_slot
from ...domain.environments import lifecycle
from ...domain.environments.leases import earliest, renewed_until
from ...domain.environments.lifecycle import EnvironmentRequest
from ...domain.statuses import WindowState
from ...models.seen import SeenEnvironment
from ...orchestration.specs import request_of
from ...sessions.schemas import CourseSession
from ...sessions.views import shown
from ...settings import Settings
from .admission import WindowView
from .schemas import Connection, Progress, StudentWindow, WindowCourse, WindowLease

_KINDS = (PortKind.WEB, PortKind.HTTPS, PortKind.VNC, PortKind.SSH, PortKind.TCP)
"""Most useful first."""
SSH_PORT = 22
"""The default port of `ssh`."""
_ABOVE = 10_000
_THIS_MACHINE = "localhost"
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
        lease=lease,
        warn_at=lifecycle.warn_times(ends_at, _warn_seconds(row, settings)),
        connections=connections(ready, news, settings) if ready else [],
        username=ready.username if ready and _shows_username(view) else None,
        has_password=bool(ready and _shows_password(view)),
        last_logs=_last_logs(news, state),
        can=lifecycle.window_can(
            state,
            opening,
            startable=view.course.has_build,
            is_editor=view.is_editor,
            renewable=lease.renewable_until is not None,
        ),
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


def connections(
    row: SeenEnvironment, news: EnvironmentStatus | None, settings: Settings
) -> list[Connection]:
    """One card per port, most useful first."""
    ports = row.plan.ports if row.plan else ()
    ordered = sorted(ports, key=lambda port: _KINDS.index(port.kind))
    addresses = {address.port: address for address in news.addresses} if news else {}
    first_ssh = next((port.number for port in ports if port.kind is PortKind.SSH), None)
    cards = []
    for index, port in enumerate(ordered):
        card = Connection(port=port.number, title=port.title, kind=port.kind, primary=index == 0)
        address = addresses.get(port.number)
        if port.kind is PortKind.SSH:
            _add_ssh(card, row.username, port.number == first_ssh, settings)
        elif port.kind not in WEB_KINDS and address:
            _add_tunnel(card, row.username, address, settings)
        if address and address.direct_host and port.kind not in WEB_KINDS:
            _add_direct(card, row.username, address.direct_host, address.host_port)
        cards.append(card)
    return cards


def _add_ssh(card: Connection, username: str, is_first: bool, settings: Settings) -> None:
    """SSH through the bastion. The login name selects the environment: the command shows it even
    where the Course hides names, as the address of a web port shows its label."""
    login = username if is_first else f"{username}+{card.port}"
    card.host, card.host_port = settings.ssh_host, settings.ssh_port
    card.command = _command(login, settings.ssh_host, settings.ssh_port)
    card.fingerprint = settings.ssh_fingerprint


def _add_tunnel(card: Connection, username: str, address: Address, settings: Settings) -> None:
    """A tunnel through the bastion, to the environment's SSH server or to the bastion's own."""
    if settings.ssh_host == _THIS_MACHINE:  # the person works on the machine of the environment
        card.host, card.host_port = settings.ssh_host, address.host_port
        return
    # Lower numbers are privileged ports of the person's computer.
    local_port = card.port if card.port >= FIRST_FREE else card.port + _ABOVE
    card.host, card.host_port = _THIS_MACHINE, local_port
    card.fingerprint = settings.ssh_fingerprint
    forward = f"-N -L {local_port}:localhost:{card.port} "
    card.tunnel_command = _command(username, settings.ssh_host, settings.ssh_port, forward)


def _add_direct(card: Connection, username: str, host: str, number: int) -> None:
    """A direct port replaces the way through the bastion, which stays as `bastion_command`."""
    if card.kind is PortKind.SSH:
        card.bastion_command = card.command
        card.command = _command(username, host, number)
    card.host, card.host_port, card.direct = host, number, True
    card.tunnel_command = card.fingerprint = None


def _command(login: str, host: str, number: int, forward: str = "") -> str:
    port = "" if number == SSH_PORT else f"-p {number} "
    return f"ssh {port}{forward}{login}@{host}"


def _shows_username(view: WindowView) -> bool:
    return view.course.show_username or view.is_editor


def _shows_password(view: WindowView) -> bool:
    return view.course.show_password or view.is_editor


def _course(view: WindowView) -> WindowCourse:
    course = view.course
    return WindowCourse(
        id=course.id,
        title=course.title,
        description=course.description,
        saves_work=course.save_work,
        work_path=course.work_path,
        show_username=_shows_username(view),
        show_password=_shows_password(view),
    )


def _session(view: WindowView, now: datetime) -> CourseSession | None:
    slot = shown_slot([session.slot for session in view.sessions], now)
    if slot is None:
        return None
    row = next(session for session in view.sessions if session.id == slot.id)
    return shown(row, now, view.course.title)


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
