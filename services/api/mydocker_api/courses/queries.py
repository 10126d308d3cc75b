"""Being written."""

from enum import StrEnum


class CourseSort(StrEnum):
    """Order of the list of Courses."""

    NEWEST_CHANGE = "-updated_at"
    OLDEST_CHANGE = "updated_at"
    TITLE = "title"
    TITLE_BACKWARDS = "-title"
