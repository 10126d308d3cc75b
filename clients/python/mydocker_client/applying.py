"""Compares a file with the platform, and makes the platform as the file says.

`plan` only reads. A plan that is applied and computed again is empty: `apply` is repeatable.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError

from . import course_files, models
from .client import Client
from .errors import ClientError, FileInvalid
from .rights import Right, RightStep, given, steps_for, take

Builds = dict[str, UUID]
"""Title of an Image to its newest successful build."""
_TOGETHER = 200
"""Sessions that one request may plan."""
Difference = tuple[str, Any, Any]
"""A field, its value on the platform, its value in the file."""


@dataclass(frozen=True)
class SessionStep:
    """One session to create, change or delete."""

    title: str
    current: models.VersionedSession | None
    wanted: dict[str, Any] | None
    """The whole draft; None: delete."""
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """What `apply` would do."""

    title: str
    course: models.Course | None
    wanted: dict[str, Any]
    differences: list[Difference]
    sessions: list[SessionStep]
    rights: list[RightStep] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        steps = (self.differences, self.sessions, self.rights)
        return self.course is not None and not any(steps)

    def lines(self) -> list[str]:
        """The plan as text: `+` creates, `~` changes, `-` deletes."""
        if self.course is None:
            said = [f"+ course {self.title!r}"]
        else:
            said = [f"~ course {self.title!r}"] if self.differences else []
        said += _changes(self.differences) if self.course else []
        for step in self.sessions:
            sign = "+" if step.current is None else "-" if step.wanted is None else "~"
            said.append(f"{sign} session {step.title!r}")
            said += _changes(step.differences)
        for right in self.rights:
            said += right.lines()
        return said


def plan(
    client: Client,
    wanted: course_files.CourseFile,
    *,
    prune: bool = False,
    builds: Builds | None = None,
) -> Plan:
    """Compare; `prune`: sessions that the file does not name are deleted, and so are rights where
    the file has a list of them. `builds`: of Images that were looked up before.
    """
    known = {} if builds is None else builds
    title = wanted.course["title"]
    course = course_named(client, title)
    fields = dict(wanted.course)
    if wanted.image is not None:
        if wanted.image not in known:
            known[wanted.image] = newest_build(client, wanted.image)
        fields["build_id"] = str(known[wanted.image])
    if fields.get("build_id") is not None:
        fields["external_image"] = None
    elif fields.get("external_image") is not None:
        fields["build_id"] = None
    draft = _draft(models.CourseDraft, course, fields, "course")
    differences = _differences(_draft_of(models.CourseDraft, course), draft) if course else []
    existing = list(client.sessions(course.id)) if course else []
    steps = list(_session_steps(existing, wanted.sessions, prune))
    right_steps: list[RightStep] = []
    if wanted.rights is not None:
        id = course.id if course else None
        right_steps = list(steps_for(client, id, wanted.rights, prune=prune))
    return Plan(title, course, draft, differences, steps, right_steps)


def apply(client: Client, plan: Plan) -> models.Course:
    """Do what the plan says; each edit names the version that was compared."""
    course = plan.course
    if course is None:
        course = client.create_course(plan.wanted)
    elif plan.differences:
        course = client.update_course(course.id, plan.wanted, course.etag)
    for step in plan.sessions:
        if step.wanted is None and step.current is not None:
            client.delete_session(step.current.id, step.current.etag)
        elif step.wanted is not None and step.current is not None:
            client.update_session(step.current.id, step.wanted, step.current.etag)
    new = [step.wanted for step in plan.sessions if step.wanted and step.current is None]
    for begin in range(0, len(new), _TOGETHER):
        client.create_sessions(course.id, new[begin : begin + _TOGETHER])
    for right in plan.rights:
        take(client, course.id, right)
    return course


def export(client: Client, id: UUID) -> str:
    """The file of a Course. It names the Image where the Course has its newest build."""
    course = client.course(id)
    image = course.image
    title = None
    if image is not None and _is_newest(client, image):
        title = image.image_title
    sessions = [_draft_of(models.SessionDraft, session) for session in client.sessions(course.id)]
    sessions.sort(key=lambda session: session["starts_at"])
    return course_files.write(course, title, sessions, _rights_of(client, course))


def _rights_of(client: Client, course: models.Course) -> list[Right] | None:
    """None for somebody who is not the owner: addresses are the owner's to read."""
    sharing = client.sharing(course.id)
    if not sharing.may_share:
        return None
    return [Right(email, holder.right) for email, holder in given(sharing)]


def course_named(client: Client, title: str) -> models.Course | None:
    """My Course of exactly this title; None where there is none, an error where there are two."""
    matching = [entry for entry in client.courses(title) if entry.title == title]
    if len(matching) > 1:
        raise ClientError(f"{len(matching)} courses are named {title!r}")
    return client.course(matching[0].id) if matching else None


def newest_build(client: Client, image: str) -> UUID:
    """The newest successful build of my Image of this title."""
    matching = [entry for entry in client.images(image) if entry.title == image]
    if len(matching) != 1:
        raise FileInvalid(f"course.image: {len(matching)} images are named {image!r}")
    for build in client.builds(matching[0].id):
        if build.phase == models.BuildPhase.SUCCEEDED:
            return build.id
    raise FileInvalid(f"course.image: {image!r} has no successful build")


def _is_newest(client: Client, image: models.CourseImage) -> bool:
    try:
        return newest_build(client, image.image_title) == image.build_id
    except FileInvalid:
        return False


def _session_steps(
    existing: list[models.VersionedSession], wanted: list[dict[str, Any]], prune: bool
) -> Iterable[SessionStep]:
    by_title: dict[str, models.VersionedSession] = {}
    for session in existing:
        if session.title in by_title and session.title in {entry["title"] for entry in wanted}:
            raise ClientError(f"Two sessions are named {session.title!r} on the platform")
        by_title[session.title] = session
    for index, entry in enumerate(wanted):
        current = by_title.get(str(entry["title"]))
        draft = _draft(models.SessionDraft, current, entry, f"sessions[{index}]")
        if current is None:
            yield SessionStep(str(entry["title"]), None, draft)
        elif changed := _differences(_draft_of(models.SessionDraft, current), draft):
            yield SessionStep(current.title, current, draft, changed)
    if prune:
        named = {str(entry["title"]) for entry in wanted}
        for session in existing:
            if session.title not in named:
                yield SessionStep(session.title, session, None)


def _draft(
    model: type[BaseModel], current: BaseModel | None, fields: Mapping[str, Any], name: str
) -> dict[str, Any]:
    """The whole draft: what the file says, over what is there."""
    base = _draft_of(model, current) if current is not None else {}
    try:
        checked = model.model_validate({**base, **fields})
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(str(part) for part in (name, *first["loc"]))
        raise FileInvalid(f"{path}: {first['msg']}") from error
    return checked.model_dump(mode="json")


def _draft_of(model: type[BaseModel], current: BaseModel) -> dict[str, Any]:
    values = current.model_dump(mode="json")
    if isinstance(current, models.Course):
        values["build_id"] = str(current.image.build_id) if current.image else None
    return model.model_validate(values).model_dump(mode="json")


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    return [
        (name, old[name], new[name]) for name in new if not _same(old.get(name), new[name], name)
    ]


def _same(old: Any, new: Any, name: str) -> bool:
    if name.endswith("_at") and isinstance(old, str) and isinstance(new, str):
        return _instant(old) == _instant(new)
    return bool(old == new)


def _instant(text: str) -> datetime:
    return models.SessionDraft.model_validate(
        {"students": 1, "starts_at": text, "ends_at": text}
    ).starts_at


def _changes(differences: Iterable[Difference]) -> list[str]:
    return [f"    {name}: {old!r} → {new!r}" for name, old, new in differences]
