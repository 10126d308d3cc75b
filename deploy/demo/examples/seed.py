"""A small believable campus, made by a teacher through the same doors as a person."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.demo.report import Report
from deploy.machine.failures import CannotStart
from deploy.machine.instance import Instance
from deploy.machine.record import RecordFile

from . import operators
from .campus_user import CampusUser

_TEACHER = "claire-fontaine"
_BUILD_SECONDS = 2400.0
_QUARTER = timedelta(minutes=15)
_STUDENTS = 5
OperatorLink = Callable[[], str] | None


class ExampleMissing(CannotStart):
    """The platform works, and an example could not be made: nothing is undone for that."""


@dataclass(frozen=True)
class Plan:
    """A planned Course: which catalogue entry it runs, what it says, what each student gets."""

    entry: str
    title: str
    description: str
    cpu: float
    memory_mib: int
    next_session: str
    next_weekday: int
    next_hour: int


PLANS = (
    Plan(
        entry="openssl",
        title="OpenSSL: keys, certificates, TLS",
        description="Five exercises over SSH: keys, certificates, an authority, TLS.",
        cpu=0.25,
        memory_mib=256,
        next_session="Group B",
        next_weekday=1,
        next_hour=14,
    ),
    Plan(
        entry="jupyterlab",
        title="Python notebooks: first analyses",
        description="JupyterLab with NumPy and Matplotlib, ready in the browser.",
        cpu=0.5,
        memory_mib=768,
        next_session="Group A",
        next_weekday=3,
        next_hour=10,
    ),
)


def plant(
    instance: Instance,
    record: RecordFile,
    report: Report,
    plans: Sequence[Plan] = PLANS,
    operator_link: OperatorLink = None,
) -> list[str]:
    """Make the campus once; and each time see that its Courses have a session that runs now.

    `operator_link` makes a link that lets an operator in, where services run in containers.

    Returns the images made just now, by digest. An image that cannot be built leaves its Course
    out, and everything else as it is: the next time tries again. The images are the catalogue's,
    which the platform builds by itself; the entries that no example needs are built later.
    """
    made, failed = list[str](), list[str]()
    with CampusUser(instance, _TEACHER) as teacher:
        _let_build(instance, teacher, operator_link)
        if not record.read().seeded:
            _try_again(instance, teacher, plans, operator_link)
            made, failed = plant_all(teacher, report, plans)
            record.change(seeded=not failed)
        open_sessions(teacher, plans)
    if failed:
        raise ExampleMissing(_sentence(failed, instance))
    return made


def _sentence(failed: Sequence[str], instance: Instance) -> str:
    return (
        f"The platform runs, but {' and '.join(failed)}. The whole log is on the image's page "
        f"(as the operator: Catalogue), the builder's own in {instance.logs}/builder.log. "
        "Run make demo again to try once more."
    )


def _let_build(instance: Instance, teacher: CampusUser, operator_link: OperatorLink) -> None:
    """What an operator does once for each teacher who wants to build images."""
    me = teacher.api("GET", "/api/me")
    if me["build_approval"] == "approved":
        return
    teacher.api("POST", "/api/me/build-request")
    with operators.signed_in(instance, operator_link) as operator:
        answer = operator.put(f"/api/people/{me['id']}/build-approval")
        if answer.is_error:
            raise CannotStart(f"the teacher may not build images: {answer.text[:300]}")


def _try_again(
    instance: Instance, teacher: CampusUser, plans: Sequence[Plan], operator_link: OperatorLink
) -> None:
    """What an operator does about an image of the catalogue that could not be built."""
    entries = _entries(teacher)
    failed = [plan.entry for plan in plans if entries[plan.entry]["state"] == "failed"]
    if not failed:
        return
    with operators.signed_in(instance, operator_link) as operator:
        for name in failed:
            answer = operator.post(f"/api/catalogue/{name}/builds")
            if answer.is_error:
                raise CannotStart(f"{name} is not built again: {answer.text[:300]}")


def approve_root(
    instance: Instance, teacher: CampusUser, build_id: str, operator_link: OperatorLink = None
) -> None:
    """Have this build approved; what an operator refused or revoked stays so."""
    if teacher.api("GET", f"/api/builds/{build_id}/root")["state"] not in ("none", "asked"):
        return
    comment = {"comment": "The exercises are done over SSH, with one account for each student."}
    teacher.api("POST", f"/api/builds/{build_id}/root-request", comment)
    with operators.signed_in(instance, operator_link) as operator:
        decision = {"decision": "approve"}
        answer = operator.put(f"/api/root-approvals/{build_id}", json=decision)
        if answer.is_error:
            raise CannotStart(f"the build may not run as root: {answer.text[:300]}")


def plant_all(
    teacher: CampusUser, report: Report, plans: Sequence[Plan]
) -> tuple[list[str], list[str]]:
    """The images made, by digest; and of those that were not made, why."""
    with report.step("build the catalogue images of the examples"):
        entries = _prepared(teacher, plans, report)
    ready = [plan for plan in plans if entries[plan.entry]["build_id"]]
    with report.step("plan and publish their courses"):
        courses = [_publish(teacher, plan, entries[plan.entry]) for plan in ready]
    failed = [_why(entries[plan.entry]) for plan in plans if plan not in ready]
    return [str(course["image"]["reference"]) for course in courses], failed


def _publish(teacher: CampusUser, plan: Plan, entry: Mapping[str, Any]) -> dict[str, Any]:
    course = _course(teacher, plan, entry)
    if plan.title not in teacher.course_page():
        teacher.publish(str(course["id"]))
    return course


def _why(entry: Mapping[str, Any]) -> str:
    name, build = entry["name"], entry["last_build"]
    if entry["state"] == "preparing" or not build:
        return f"the example image {name} was not built in {_BUILD_SECONDS / 60:.0f} minutes"
    said = " ".join(f"{build['instruction'] or ''} {build['message'] or ''}".split())[-300:]
    return f"the example image {name} could not be built ({build['failure']}: {said})"


def _entries(teacher: CampusUser) -> dict[str, dict[str, Any]]:
    return {entry["name"]: dict(entry) for entry in teacher.api("GET", "/api/catalogue")}


def _prepared(
    teacher: CampusUser, plans: Sequence[Plan], report: Report
) -> dict[str, dict[str, Any]]:
    """The plans' entries once the platform has built them, or has failed to."""
    deadline, wanted = time.monotonic() + _BUILD_SECONDS, {plan.entry for plan in plans}
    while True:
        entries = {name: entry for name, entry in _entries(teacher).items() if name in wanted}
        report.detail(", ".join(f"{name}: {_progress(entry)}" for name, entry in entries.items()))
        if all(entry["state"] != "preparing" for entry in entries.values()):
            return entries
        if time.monotonic() > deadline:
            return entries
        time.sleep(1)


def _progress(entry: Mapping[str, Any]) -> str:
    build = entry["last_build"]
    if entry["state"] == "preparing" and build and build["phase"] == "building" and build["step"]:
        return f"step {build['step']}/{build['steps']}"
    return str(entry["state"])


def _course(teacher: CampusUser, plan: Plan, entry: Mapping[str, Any]) -> dict[str, Any]:
    known = _named(teacher.api("GET", "/api/courses", search=plan.title), plan.title)
    if known:
        return dict(teacher.api("GET", f"/api/courses/{known['id']}"))
    draft = {
        "title": plan.title,
        "description": plan.description,
        "status": "ready",
        "build_id": entry["build_id"],
        "ports": entry["ports"],
        "profile": entry["profile"],
        "resources": {"cpu": min(plan.cpu, _cores() / 4), "memory_mib": plan.memory_mib},
        "work_folder": {"save": True, "path": entry["work_path"]},
    }
    course = dict(teacher.api("POST", "/api/courses", draft))
    start = _next(plan.next_weekday, plan.next_hour, datetime.now().astimezone())
    _session(teacher, course["id"], plan.next_session, start, timedelta(hours=2))
    return course


def open_sessions(
    teacher: CampusUser, plans: Sequence[Plan] = PLANS, still: timedelta = _QUARTER
) -> None:
    """A demo nobody can enter shows nothing: let a session of each Course run now, and `still`."""
    now = datetime.now(UTC)
    for plan in plans:
        course = _named(teacher.api("GET", "/api/courses", search=plan.title), plan.title)
        if course is None or course["status"] != "ready":
            continue
        sessions = teacher.api("GET", f"/api/courses/{course['id']}/sessions")["items"]
        if not any(_runs(session, now) and _runs(session, now + still) for session in sessions):
            begin = now - (now - datetime.min.replace(tzinfo=UTC)) % _QUARTER
            _session(teacher, course["id"], "Open lab", begin, timedelta(hours=4))


def _runs(session: Mapping[str, Any], now: datetime) -> bool:
    begin, end = (datetime.fromisoformat(session[name]) for name in ("starts_at", "ends_at"))
    return begin <= now < end


def _session(
    teacher: CampusUser, course_id: str, title: str, begin: datetime, length: timedelta
) -> None:
    draft = {
        "title": title,
        "students": _STUDENTS,
        "starts_at": begin.isoformat(),
        "ends_at": (begin + length).isoformat(),
        "block_before_start": True,
        "automatic_stop": True,
    }
    teacher.api("POST", f"/api/courses/{course_id}/sessions", draft)


def _next(weekday: int, hour: int, now: datetime) -> datetime:
    """That hour on that weekday of the coming week, on this machine's clock."""
    days = (weekday - now.weekday()) % 7 or 7
    return (now + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def _named(page: Mapping[str, Any], title: str) -> dict[str, Any] | None:
    return next((dict(item) for item in page["items"] if item["title"] == title), None)


def _cores() -> int:
    return os.cpu_count() or 1
