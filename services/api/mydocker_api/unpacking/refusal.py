"""Why an archive is refused."""

from enum import StrEnum


class Refusal(StrEnum):
    """Codes of refused archives; the browser has a sentence for each."""

    PATH_TRAVERSAL = "archive_path_traversal"
    PATH_ABSOLUTE = "archive_path_absolute"
    SYMLINK_ESCAPE = "archive_symlink_escape"
    HARDLINK_ESCAPE = "archive_hardlink_escape"
    SPECIAL_FILE = "archive_special_file"
    TOO_LARGE = "archive_too_large"
    RATIO = "archive_ratio"
    NESTED_BOMB = "archive_nested_bomb"
    TOO_MANY_ENTRIES = "archive_too_many_entries"
    NAME_TOO_LONG = "archive_name_too_long"
    DUPLICATE_NAME = "archive_duplicate_name"
    NAME_UNUSABLE = "archive_name_unusable"
    ENCRYPTED = "archive_encrypted"
    SIZES_WRONG = "archive_sizes_wrong"
    DAMAGED = "archive_damaged"
    UNSUPPORTED = "archive_unsupported"
    TOO_SLOW = "archive_too_slow"
    """Memory or time ran out."""


class ArchiveRefused(Exception):
    """The archive is refused; `path` names the entry, shortened and printable."""

    def __init__(self, refusal: Refusal, path: str = "") -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.path = path.encode("ascii", "backslashreplace").decode()[:120]
