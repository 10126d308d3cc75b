"""Courses and images made for one promise, by the teacher and over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.support.waiting import eventually
from tests.system.campus import Student
from tests.system.conftest import course_named

OPENSSL = "OpenSSL"
SILENT: dict[str, Any] = {
    "title": "Silent",
    "dockerfile": 'FROM debian:12\nCMD ["sh", "-c", "echo I sit here; exec sleep 600"]\n',
    "ports": [{"title": "Nobody", "kind": "web", "number": 9999, "required": True}],
}
"""An image that runs what its arguments say, and listens nowhere."""
BARE: dict[str, Any] = {
    "ports": [],
    "profile": "strict",
    "work_folder": {"save": False, "path": "/home/student/work"},
}
"""A Course that asks nothing of its image."""


def session(until: float, begin: float = -1, title: str = "") -> dict[str, Any]:
    """A session from `begin` to `until`, in minutes from now."""
    now = datetime.now(UTC)
    return {
        "title": title,
        "students": 1,
        "starts_at": (now + timedelta(minutes=begin)).isoformat(),
        "ends_at": (now + timedelta(minutes=until)).isoformat(),
        "block_before_start": True,
        "automatic_stop": True,
    }


def new_course(teacher: Student, title: str, **changes: Any) -> str:
    """A ready Course like the OpenSSL one but for `changes`."""
    model = teacher.api("GET", f"/api/courses/{course_named(teacher, OPENSSL)}")
    fields = ("description", "build_id", "ports", "command", "profile", "resources", "work_folder")
    draft = {**{name: model[name] for name in fields}, "title": title, "status": "ready", **changes}
    course = teacher.api("POST", "/api/courses", draft)
    return str(course["id"])


def placed(teacher: Student, title: str, **changes: Any) -> str:
    """The same, with an activity of that name in the course space."""
    course = new_course(teacher, title, **changes)
    teacher.publish(course)
    return course


def built(teacher: Student, draft: dict[str, Any]) -> dict[str, Any]:
    """The succeeded Build of a new Image."""
    return build_of(teacher, teacher.api("POST", "/api/images", draft))


def build_of(teacher: Student, image: dict[str, Any], seconds: float = 120) -> dict[str, Any]:
    """The succeeded Build of this Image, begun now."""
    build = teacher.api("POST", f"/api/images/{image['id']}/builds")

    def look() -> dict[str, Any] | None:
        now = teacher.api("GET", f"/api/builds/{build['id']}")
        return now if now["phase"] in ("succeeded", "failed") else None

    ended = eventually(look, "the build ends", seconds)
    assert ended["phase"] == "succeeded", ended
    return dict(ended)


def empty_registry(reference: str) -> None:
    """Delete a manifest, as a careless clean-up would."""
    registry, _, rest = reference.partition("/")
    name, _, digest = rest.partition("@")
    url = f"http://{registry}/v2/{name}/manifests/{digest}"
    httpx.delete(url, trust_env=False).raise_for_status()
