"""The typed client: one method for each operation that the command line needs.

Answers are the generated models. Lists are read to their end, page by page. A creation carries an
`Idempotency-Key`, so that it is repeated safely when its answer is lost; an edit names the version
that was read (`If-Match`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
from pydantic import BaseModel

from . import __version__, models
from .errors import ApiError, Unreachable

M = TypeVar("M", bound=BaseModel)
_PAGE_SIZE = 200
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_TRIES = 3


class Client:
    """The API at `address`, called with an API token."""

    def __init__(
        self, address: str, token: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.http = httpx.Client(
            base_url=address.rstrip("/"),
            headers={
                "Authorization": f"Bearer {token}",
                "User-Agent": f"mydocker-client/{__version__}",
            },
            timeout=_TIMEOUT,
            transport=transport,
        )

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def me(self) -> models.Me:
        """Whose token this is."""
        return self._get(models.Me, "/api/me")

    def courses(self, search: str = "") -> Iterator[models.CourseSummary]:
        """My Courses."""
        return self._list(models.CourseSummary, "/api/courses", search=search, sort="title")

    def course(self, id: UUID) -> models.Course:
        """One Course, whole, with its version."""
        return self._get(models.Course, f"/api/courses/{id}")

    def create_course(self, draft: Mapping[str, Any]) -> models.Course:
        """A new Course of mine."""
        return self._create(models.Course, "/api/courses", draft)

    def update_course(self, id: UUID, draft: Mapping[str, Any], etag: str) -> models.Course:
        """Replace the editable fields of the version `etag`."""
        return self._edit(models.Course, f"/api/courses/{id}", draft, etag)

    def delete_course(self, id: UUID, etag: str) -> None:
        """Remove the version `etag` for good."""
        self._send("DELETE", f"/api/courses/{id}", headers={"If-Match": etag})

    def change_status(self, id: UUID, status: str, etag: str) -> models.Course:
        """Publish, take back or archive the version `etag`."""
        path, headers = f"/api/courses/{id}/status", {"If-Match": etag}
        response = self._send("POST", path, json={"status": status}, headers=headers)
        return models.Course.model_validate_json(response.content)

    def sessions(self, course_id: UUID | None = None) -> Iterator[models.VersionedSession]:
        """Sessions of one Course, or of all of mine."""
        path = f"/api/courses/{course_id}/sessions" if course_id else "/api/sessions"
        return self._list(models.VersionedSession, path, sort="starts_at")

    def session(self, id: UUID) -> models.VersionedSession:
        """One session, with its version."""
        return self._get(models.VersionedSession, f"/api/sessions/{id}")

    def create_session(self, course_id: UUID, draft: Mapping[str, Any]) -> models.VersionedSession:
        """Plan a session."""
        return self._create(models.VersionedSession, f"/api/courses/{course_id}/sessions", draft)

    def update_session(
        self, id: UUID, draft: Mapping[str, Any], etag: str
    ) -> models.VersionedSession:
        """Change the version `etag` of a session."""
        return self._edit(models.VersionedSession, f"/api/sessions/{id}", draft, etag)

    def delete_session(self, id: UUID, etag: str) -> None:
        """Remove the version `etag` of a session."""
        self._send("DELETE", f"/api/sessions/{id}", headers={"If-Match": etag})

    def create_sessions(
        self, course_id: UUID, drafts: Sequence[Mapping[str, Any]]
    ) -> models.CreatedSessions:
        """Plan at most 200 sessions together: all of them, or none."""
        path = f"/api/courses/{course_id}/sessions/bulk"
        return self._create(models.CreatedSessions, path, {"items": list(drafts)})

    def sharing(self, course_id: UUID) -> models.Sharing:
        """Who has which right to a Course."""
        return self._get(models.Sharing, f"/api/courses/{course_id}/shares")

    def give_right(self, course_id: UUID, email: str, right: str) -> models.Sharing:
        """Give a right to whoever has this address; one that they have already becomes this one."""
        body = {"email": email, "right": right}
        return self._create(models.Sharing, f"/api/courses/{course_id}/shares", body)

    def remove_right(self, course_id: UUID, share_id: UUID) -> None:
        """Take a right away."""
        self._send("DELETE", f"/api/courses/{course_id}/shares/{share_id}")

    def export_course(self, id: UUID, zone: str) -> bytes:
        """A Course as a zip, with the recipe of its Image."""
        return self._send("GET", f"/api/courses/{id}/export", params={"zone": zone}).content

    def begin_upload(self, length: int) -> UUID:
        """An upload of so many bytes (tus)."""
        response = self._send("POST", "/api/uploads", headers={"Upload-Length": str(length)})
        return UUID(response.headers["Location"].rpartition("/")[2])

    def send_part(self, upload: UUID, offset: int, content: bytes) -> None:
        """The bytes of an upload from this offset on."""
        headers = {
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
        }
        self._send("PATCH", f"/api/uploads/{upload}", headers=headers, content=content)

    def check_import(self, upload: UUID) -> models.ImportCheck:
        """What an import of this upload would make."""
        body = {"upload_id": str(upload)}
        return self._create(models.ImportCheck, "/api/course-imports/check", body)

    def import_course(self, order: Mapping[str, Any]) -> models.ImportedCourse:
        """Make a draft from an upload."""
        return self._create(models.ImportedCourse, "/api/course-imports", order)

    def images(self, search: str = "") -> Iterator[models.ImageSummary]:
        """My Images."""
        return self._list(models.ImageSummary, "/api/images", search=search, sort="title")

    def image(self, id: UUID) -> models.Image:
        """One Image, whole, with its version."""
        return self._get(models.Image, f"/api/images/{id}")

    def update_image(self, id: UUID, draft: Mapping[str, Any], etag: str) -> models.Image:
        """Replace the editable fields of the version `etag`."""
        return self._edit(models.Image, f"/api/images/{id}", draft, etag)

    def builds(self, image_id: UUID) -> Iterator[models.BuildStatus]:
        """Builds of an Image, newest first."""
        return self._list(models.BuildStatus, f"/api/images/{image_id}/builds")

    def start_build(self, image_id: UUID) -> models.BuildStatus:
        """Build an Image."""
        return self._create(models.BuildStatus, f"/api/images/{image_id}/builds", None)

    def build(self, id: UUID) -> models.BuildStatus:
        """How a build is getting on."""
        return self._get(models.BuildStatus, f"/api/builds/{id}")

    def cancel_build(self, id: UUID) -> models.BuildStatus:
        """Stop a build."""
        response = self._send("POST", f"/api/builds/{id}/cancel")
        return models.BuildStatus.model_validate_json(response.content)

    def build_log(self, id: UUID, after: int) -> models.LogPage:
        """Lines of a build's log with a number above `after`."""
        return self._get(models.LogPage, f"/api/builds/{id}/log", after=after)

    def environment(self, course_id: UUID) -> models.StudentWindow:
        """My environment of a Course."""
        return self._get(models.StudentWindow, f"/api/courses/{course_id}/window")

    def change_environment(self, course_id: UUID, act: str) -> models.StudentWindow:
        """`start`, `stop` or `restart` my environment of a Course."""
        path = f"/api/courses/{course_id}/environment/{act}"
        return self._create(models.StudentWindow, path, None)

    def environment_logs(self, course_id: UUID) -> models.EnvironmentLogs:
        """What my environment printed last."""
        return self._get(models.EnvironmentLogs, f"/api/courses/{course_id}/environment/logs")

    def people(self, search: str = "") -> Iterator[models.PersonEntry]:
        """People of the platform, for operators."""
        return self._list(models.PersonEntry, "/api/people", search=search, sort="created_at")

    def pools(self) -> list[models.PoolState]:
        """Pools of machines, for operators."""
        entries = self._send("GET", "/api/pools").json()
        return [models.PoolState.model_validate(entry) for entry in entries]

    def changes(self, after: int | None = None) -> Iterator[tuple[str, str]]:
        """(kind, JSON) of each change that I may see, until the stream ends."""
        params = {} if after is None else {"after": str(after)}
        timeout = httpx.Timeout(30.0, read=60.0)
        with self.http.stream("GET", "/api/changes", params=params, timeout=timeout) as response:
            if not response.is_success:
                response.read()
                raise _refusal(response)
            kind = ""
            for line in response.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    yield kind, value

    def _get(self, model: type[M], path: str, **params: Any) -> M:
        return model.model_validate_json(self._send("GET", path, params=params).content)

    def _list(self, model: type[M], path: str, **params: Any) -> Iterator[M]:
        asked = {**params, "page_size": _PAGE_SIZE}
        while True:
            answer = self._send("GET", path, params=asked).json()
            yield from (model.model_validate(item) for item in answer["items"])
            if answer["next_cursor"] is None:
                return
            asked["cursor"] = answer["next_cursor"]

    def _create(self, model: type[M], path: str, draft: Mapping[str, Any] | None) -> M:
        key = {"Idempotency-Key": str(uuid4())}
        body = {} if draft is None else {"json": draft}
        return model.model_validate_json(self._send("POST", path, headers=key, **body).content)

    def _edit(self, model: type[M], path: str, draft: Mapping[str, Any], etag: str) -> M:
        response = self._send("PUT", path, json=draft, headers={"If-Match": etag})
        return model.model_validate_json(response.content)

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """One call; repeated where that is safe and no answer came."""
        headers = request.get("headers") or {}
        tries = _TRIES if method == "GET" or "Idempotency-Key" in headers else 1
        for attempt in range(1, tries + 1):
            try:
                response = self.http.request(method, path, **request)
                break
            except httpx.TransportError as error:
                if attempt == tries:
                    raise Unreachable(
                        f"{self.http.base_url} does not answer ({type(error).__name__})"
                    ) from error
        if not response.is_success:
            raise _refusal(response)
        return response


def _refusal(response: httpx.Response) -> ApiError:
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    return ApiError(response.status_code, problem if isinstance(problem, dict) else {})
