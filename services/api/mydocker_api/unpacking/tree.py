"""The tree of an archive: which names it may have, and that no two of them meet.

A name is refused when it leaves the folder, when a file system or a screen shows it as another one
(control and bidirectional characters, two spellings that differ in case or in Unicode form only),
or when it passes through a symbolic link. A symbolic link may lead to a place inside the folder;
`..` is allowed only at the beginning of its target, because behind a name that is a link itself it
would lead elsewhere than it reads.
"""

import posixpath
import re
import unicodedata
from dataclasses import dataclass, field

from .limits import NAME_BYTES, PATH_BYTES
from .refusal import ArchiveRefused, Refusal

FILE, FOLDER, LINK = "file", "folder", "link"
_UNUSABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\\\\]"
)
_DRIVE = re.compile(r"^[A-Za-z]:")


def checked_path(name: str) -> str:
    """The path with its dots and doubled slashes taken out; empty for the folder itself."""
    if _UNUSABLE.search(name):
        raise ArchiveRefused(Refusal.NAME_UNUSABLE, name)
    if name.startswith("/") or _DRIVE.match(name):
        raise ArchiveRefused(Refusal.PATH_ABSOLUTE, name)
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ArchiveRefused(Refusal.PATH_TRAVERSAL, name)
    path = "/".join(parts)
    if len(path.encode()) > PATH_BYTES or any(len(part.encode()) > NAME_BYTES for part in parts):
        raise ArchiveRefused(Refusal.NAME_TOO_LONG, name)
    return path


def checked_target(path: str, target: str) -> str:
    """The target of a symbolic link at `path`; refused when it leads out of the folder."""
    parts = target.split("/")
    climbs = next((at for at, part in enumerate(parts) if part != ".."), len(parts))
    depth = path.count("/")
    is_inside = not target.startswith("/") and climbs <= depth and ".." not in parts[climbs:]
    if not target or not is_inside or _DRIVE.match(target) or _UNUSABLE.search(target):
        raise ArchiveRefused(Refusal.SYMLINK_ESCAPE, path)
    return target


def folded(path: str) -> str:
    """Equal for paths that a file system without upper case, or with another form, confuses."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


@dataclass
class Tree:
    """The entries of one archive so far."""

    most: int
    """Entries it may have."""
    kinds: dict[str, str] = field(default_factory=dict)
    """Kind by path; folders that are only named in longer paths, too."""
    count: int = 0
    _spellings: dict[str, str] = field(default_factory=dict)

    def add(self, path: str, kind: str) -> None:
        """One more entry; refused where it meets another one."""
        self.count += 1
        if self.count > self.most:
            raise ArchiveRefused(Refusal.TOO_MANY_ENTRIES)
        parent = posixpath.dirname(path)
        while parent and self.kinds.get(parent) != FOLDER:
            self._put(parent, FOLDER)
            parent = posixpath.dirname(parent)
        self._put(path, kind)

    def _put(self, path: str, kind: str) -> None:
        known = self.kinds.get(path)
        if known == LINK and kind == FOLDER:
            raise ArchiveRefused(Refusal.SYMLINK_ESCAPE, path)
        if known is not None and not known == kind == FOLDER:
            raise ArchiveRefused(Refusal.DUPLICATE_NAME, path)
        if self._spellings.setdefault(folded(path), path) != path:
            raise ArchiveRefused(Refusal.DUPLICATE_NAME, path)
        self.kinds[path] = kind
