"""Files of `mydocker apply`: a Course with its sessions and the rights of others, as YAML.

    version: 1
    course:
      title: Databases        # names the Course among one's own
      image: PostgreSQL 17    # title of an Image; its newest successful build
      status: ready
    sessions:
      - title: Week 1         # names the session within the Course
        starts_at: 2026-09-07T08:00:00+02:00
        ends_at: 2026-09-07T10:00:00+02:00
        students: 24
    rights:
      - {email: ada@example.org, right: edit}

Instead of `image`, `external_image: docker.io/library/debian:12` names an image of a registry that
the platform's operator allows; its ports are in the file too.

`course` takes the fields of `CourseDraft` in the API's description, `sessions` those of
`SessionDraft`; a right is `test`, `view` or `edit`. What is left out stays as it is.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from . import models
from .errors import FileInvalid
from .rights import Right

VERSION = 1
COURSE_FIELDS = tuple(models.CourseDraft.model_fields)
SESSION_FIELDS = tuple(models.SessionDraft.model_fields)
_IMAGES = ("image", "build_id", "external_image")
"""Fields that say what the Course runs."""
_NEEDED = ("title", "starts_at", "ends_at", "students")


@dataclass(frozen=True)
class CourseFile:
    """What a file asks for."""

    course: dict[str, Any]
    """Fields of the draft; `image` is not among them."""
    image: str | None
    sessions: list[dict[str, Any]]
    rights: list[Right] | None = None
    """None: the file says nothing of rights."""


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The files that these paths name: a folder stands for the YAML files in it, by name."""
    files: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        inside = sorted(file for file in path.iterdir() if file.suffix in (".yaml", ".yml"))
        if not inside:
            raise FileInvalid(f"{path}: no .yaml file in this folder")
        files += inside
    return files


def read_all(paths: Sequence[Path]) -> list[tuple[Path, CourseFile]]:
    """Every file; `FileInvalid` names all that cannot be used, and Courses that two files name."""
    read_files, faults = [], []
    for path in paths:
        try:
            read_files.append((path, read(path)))
        except FileInvalid as error:
            text = str(error)
            faults.append(text if text.startswith(f"{path}: ") else f"{path}: {text}")
    titles = Counter(wanted.course["title"] for _, wanted in read_files)
    faults += [f"course.title: two files name {title!r}" for title, n in titles.items() if n > 1]
    if faults:
        raise FileInvalid("\n".join(faults))
    return read_files


def read(path: Path) -> CourseFile:
    """The file; `FileInvalid` names what is wrong in it."""
    try:
        text = path.read_text(encoding="utf-8")
        content = yaml.safe_load(text)
    except OSError as error:
        raise FileInvalid(f"{path}: {error.strerror}") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise FileInvalid(f"{path}: no YAML: {error}") from error
    return parse(content)


def parse(content: Any) -> CourseFile:
    """The same of what YAML holds."""
    top = _mapping(content, "the file", ("version", "course", "sessions", "rights"))
    if top.get("version") != VERSION:
        raise FileInvalid(f"version: must be {VERSION}")
    course = _mapping(top.get("course"), "course", (*COURSE_FIELDS, "image"))
    if not isinstance(course.get("title"), str):
        raise FileInvalid("course.title: missing")
    if sum(course.get(field) is not None for field in _IMAGES) > 1:
        raise FileInvalid(f"course: name one of {', '.join(_IMAGES)}")
    sessions = [
        _mapping(entry, f"sessions[{index}]", SESSION_FIELDS)
        for index, entry in enumerate(top.get("sessions") or [])
    ]
    for index, session in enumerate(sessions):
        for field in _NEEDED:
            if session.get(field) is None:
                raise FileInvalid(f"sessions[{index}].{field}: missing")
    _check_unique([str(session["title"]) for session in sessions])
    image = course.pop("image", None)
    rights = _rights(top["rights"]) if "rights" in top else None
    return CourseFile(course, None if image is None else str(image), sessions, rights)


def _rights(content: Any) -> list[Right]:
    if content is None:
        return []
    if not isinstance(content, list):
        raise FileInvalid("rights: must be a list")
    rights = []
    for index, entry in enumerate(content):
        fields = _mapping(entry, f"rights[{index}]", ("email", "right"))
        if not isinstance(fields.get("email"), str):
            raise FileInvalid(f"rights[{index}].email: missing")
        try:
            right = models.ShareRight(str(fields.get("right")))
        except ValueError as error:
            known = ", ".join(models.ShareRight)
            raise FileInvalid(f"rights[{index}].right: must be one of {known}") from error
        rights.append(Right(fields["email"].strip(), right))
    twice = [email for email, n in Counter(r.email.casefold() for r in rights).items() if n > 1]
    if twice:
        raise FileInvalid(f"rights: {twice[0]!r} is named twice")
    return rights


def write(
    course: models.Course,
    image: str | None,
    sessions: list[dict[str, Any]],
    rights: Sequence[Right] | None = None,
) -> str:
    """The file from which `apply` makes this Course again; `rights`: None, they are not known."""
    draft = models.CourseDraft.model_validate(course.model_dump()).model_dump(mode="json")
    if image is not None:
        del draft["build_id"]
        draft["image"] = image
    content: dict[str, Any] = {"version": VERSION, "course": draft, "sessions": sessions}
    if rights:
        content["rights"] = [{"email": entry.email, "right": entry.right.value} for entry in rights]
    text: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    return text


def _mapping(value: Any, name: str, fields: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise FileInvalid(f"{name}: must have fields")
    for field in value:
        if field not in fields:
            raise FileInvalid(f"{name}: unknown field {field!r}; known: {', '.join(fields)}")
    return dict(value)


def _check_unique(titles: list[str]) -> None:
    twice = [title for title, count in Counter(titles).items() if count > 1]
    if twice:
        raise FileInvalid(f"sessions: two are named {twice[0]!r}")
