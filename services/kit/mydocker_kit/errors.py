"""The error tree. Rules raise these where they live; `problems` alone turns them into HTTP."""

from collections.abc import Sequence
from typing import Any


class ProblemError(Exception):
    """A refusal with a stable code that the browser translates.

    `parameters` are values the translated sentence may name; they must hold no secret.
    """

    status = 500
    code = "internal_error"
    title = "Something went wrong on our side"
    retry_after: int | None = None
    """Seconds after which trying again makes sense, where it does."""
    fields: Sequence[Any] = ()
    """Wrong fields (`problems.FieldProblem`), where single ones are to blame."""

    def __init__(self, detail: str = "", **parameters: str | int | float | None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.parameters = parameters


class Invalid(ProblemError):
    """The request cannot be understood or breaks a rule of its own."""

    status, code, title = 422, "invalid_request", "The request is not valid"


class ContentTypeUnknown(ProblemError):
    """The body is no JSON by its `Content-Type` (RFC 9110, 15.5.16)."""

    status, code, title = 415, "content_type_unknown", "Send the body as application/json"


class Unauthenticated(ProblemError):
    """No valid proof of who calls."""

    status, code, title = 401, "unauthenticated", "Sign in again"


class Forbidden(ProblemError):
    """Known caller, no right."""

    status, code, title = 403, "forbidden", "You may not do this"


class NotFound(ProblemError):
    """Nothing there, or nothing this caller may know of."""

    status, code, title = 404, "not_found", "Not found"


class Conflict(ProblemError):
    """The state of the resource forbids it now."""

    status, code, title = 409, "conflict", "Not possible in the current state"


class EditedMeanwhile(ProblemError):
    """Another edit came first (RFC 9110, 13.1); `etag` is the current version, None: removed."""

    status, code, title = 412, "edited_meanwhile", "It was changed since you read it"


class TooMany(ProblemError):
    """A limit on how often or how many."""

    status, code, title = 429, "too_many", "Too many"
    retry_after = 60


class Unavailable(ProblemError):
    """Another part of the platform does not answer; trying again later is right."""

    status, code, title = 503, "unavailable", "Temporarily unavailable"
    retry_after = 5


# About work folders, the same from the node's program to the browser.


class FolderMissing(NotFound):
    """The folder was never made: its owner never started the environment."""

    code, title = "work_folder_missing", "This work folder was never made"


class FileMissing(NotFound):
    """The folder or the snapshot has no file or folder of this name."""

    code, title = "file_missing", "There is no such file"


class SnapshotMissing(NotFound):
    """The snapshot was removed, or is of another folder."""

    code, title = "snapshot_missing", "This copy of the work folder is gone"


class FilePathInvalid(Invalid):
    """The path leaves the folder, or no file can have it."""

    code, title = "file_path_invalid", "No file can have this path"


class FileExists(Conflict):
    """A file of this name is there and may not be replaced, or a folder is in its place."""

    code, title = "file_exists", "A file or folder of this name is there already"


class FolderTooLarge(Conflict):
    """More files, deeper folders or more bytes than are copied or packed."""

    code, title = "work_folder_too_large", "The work folder holds too much to be copied"


class StoreFull(Conflict):
    """The machine's disk has no room for a copy of this folder."""

    code, title = "snapshot_no_room", "The server has no room for a copy of this work folder"


class FolderFull(Conflict):
    """The work folder itself has no room for what is put into it."""

    code, title = "work_folder_full", "The work folder is full"


class FolderUnavailable(Unavailable):
    """The machine that has the folder cannot be asked now."""

    code, title = "work_folder_unavailable", "The server with this work folder does not answer"


class JoinRefused(Forbidden):
    """The token is unknown, used, or of a machine that must not join any more."""

    code, title = "join_token_refused", "This token lets no machine join"
