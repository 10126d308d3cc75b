"""Rows of submissions as others see them, and as parts of an archive."""

from ..domain.courses.submitting import moment_name, sorting_name
from ..models.work_files import DownloadPart
from ..models.work_files import Submission as Row
from .schemas import Submission


def shown(row: Row) -> Submission:
    """A submission."""
    return Submission(
        id=row.id,
        submitted_at=row.submitted_at,
        state=row.state,
        files=row.files,
        bytes=row.bytes,
        changing=row.changing,
        problem=row.problem,
    )


def part_of(row: Row, name: str) -> DownloadPart:
    """The submission in a folder of its own whose name sorts: family name, given name, moment.

    Two people of one name stay apart by the end of their id.
    """
    prefix = f"{sorting_name(name)}_{moment_name(row.submitted_at)}_{row.user_id.hex[-4:]}"
    return DownloadPart(volume=row.volume, snapshot=row.id, prefix=prefix)
