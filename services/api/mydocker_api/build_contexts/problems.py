"""Why an archive or a change of files is refused, as the browser is answered."""

from mydocker_kit.errors import Invalid

from ..unpacking.refusal import ArchiveRefused


class ArchiveProblem(Invalid):
    """`path` names the entry, where one is to blame."""


class PathTraversal(ArchiveProblem):
    code, title = "archive_path_traversal", "A name in the archive leads out of its folder"


class PathAbsolute(ArchiveProblem):
    code, title = "archive_path_absolute", "A name in the archive begins at the root"


class SymlinkEscape(ArchiveProblem):
    code, title = "archive_symlink_escape", "A symbolic link leads out of the folder"


class HardlinkEscape(ArchiveProblem):
    code, title = "archive_hardlink_escape", "A hard link names no file of the archive"


class SpecialFile(ArchiveProblem):
    code, title = "archive_special_file", "The archive holds a device, a pipe or a socket"


class TooLarge(ArchiveProblem):
    code, title = "archive_too_large", "The unpacked files are larger than is accepted"


class Ratio(ArchiveProblem):
    code, title = "archive_ratio", "The archive unpacks to suspiciously much"


class NestedBomb(ArchiveProblem):
    code, title = "archive_nested_bomb", "Archives inside the archive unpack to too much"


class TooManyEntries(ArchiveProblem):
    code, title = "archive_too_many_entries", "The archive holds more files than are accepted"


class NameTooLong(ArchiveProblem):
    code, title = "archive_name_too_long", "A name in the archive is too long"


class DuplicateName(ArchiveProblem):
    code, title = "archive_duplicate_name", "Two names differ in capital letters at most"


class NameUnusable(ArchiveProblem):
    code, title = "archive_name_unusable", "A name holds characters that cannot be shown"


class Encrypted(ArchiveProblem):
    code, title = "archive_encrypted", "The archive is protected by a password"


class SizesWrong(ArchiveProblem):
    code, title = "archive_sizes_wrong", "Sizes in the archive are not true"


class Damaged(ArchiveProblem):
    code, title = "archive_damaged", "The archive is damaged or incomplete"


class Unsupported(ArchiveProblem):
    code, title = "archive_unsupported", "This is no archive of a known kind"


class TooSlow(ArchiveProblem):
    code, title = "archive_too_slow", "Unpacking takes more time or memory than is allowed"


_PROBLEMS = {problem.code: problem for problem in ArchiveProblem.__subclasses__()}


def problem_of(refused: ArchiveRefused) -> ArchiveProblem:
    """The answer for a refused archive."""
    return _PROBLEMS[refused.refusal.value](path=refused.path)
