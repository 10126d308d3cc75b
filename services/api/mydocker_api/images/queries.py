"""Being written."""

from enum import StrEnum


class ImageSort(StrEnum):
    """Order of the list of Images."""

    NEWEST_CHANGE = "-updated_at"
    OLDEST_CHANGE = "updated_at"
    TITLE = "title"
    TITLE_BACKWARDS = "-title"
