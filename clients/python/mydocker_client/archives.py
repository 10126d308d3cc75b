"""A Course as one file with the recipe of its Image: saved, and imported as a draft."""

from datetime import date
from pathlib import Path
from uuid import UUID

from . import models
from .client import Client
from .errors import FileInvalid

_PART_BYTES = 4 * 1024 * 1024


def save(client: Client, course_id: UUID, path: Path, zone: str) -> int:
    """Write the file; returns its bytes. `zone`: of the sessions' times of day."""
    content = client.export_course(course_id, zone)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise FileInvalid(f"{path}: {error.strerror}") from error
    return len(content)


def check(client: Client, path: Path) -> tuple[UUID, models.ImportCheck]:
    """Send a file; what an import would make, and the upload that `take` imports."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileInvalid(f"{path}: {error.strerror}") from error
    upload = client.begin_upload(len(content))
    for offset in range(0, len(content), _PART_BYTES):
        client.send_part(upload, offset, content[offset : offset + _PART_BYTES])
    return upload, client.check_import(upload)


def take(
    client: Client,
    upload: UUID,
    *,
    title: str | None = None,
    first_day: date | None = None,
    zone: str = "UTC",
) -> models.ImportedCourse:
    """Make the draft of an upload."""
    order = {
        "upload_id": str(upload),
        "title": title,
        "first_day": first_day.isoformat() if first_day else None,
        "zone": zone,
    }
    return client.import_course(order)
