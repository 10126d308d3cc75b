"""Collects the entries of an archive, and hands over the content of files in chunks."""

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import BinaryIO

from .limits import CHUNK_BYTES, RATIO_FLOOR_BYTES, Limits
from .nested import NestedArchives
from .refusal import ArchiveRefused, Refusal
from .tree import FILE, FOLDER, LINK, Tree, checked_path, checked_target


@dataclass(frozen=True)
class Entry:
    """A file, a folder or a symbolic link."""

    path: str
    kind: str
    executable: bool = False
    size: int = 0
    """Bytes of a file."""
    digest: str = ""
    """SHA-256 of a file's content, hexadecimal."""
    chunks: tuple[str, ...] = ()
    """SHA-256 of each chunk of it."""
    target: str = ""
    """Of a symbolic link."""


Deliver = Callable[[str, bytes], None]
"""Takes the digest and the compressed bytes of a chunk."""


@dataclass
class Collector:
    """What an archive holds so far."""

    limits: Limits
    packed: int
    """Bytes of the archive."""
    deliver: Deliver
    tree: Tree = field(init=False)
    entries: dict[str, Entry] = field(default_factory=dict)
    unpacked: int = 0
    nested: NestedArchives = field(init=False)

    def __post_init__(self) -> None:
        self.tree = Tree(self.limits.entries)
        self.nested = NestedArchives(self.limits)

    def folder(self, name: str) -> None:
        if path := checked_path(name):
            self.tree.add(path, FOLDER)
            self.entries[path] = Entry(path, FOLDER)

    def link(self, name: str, target: str) -> None:
        path = checked_path(name)
        checked_target(path, target)
        self.tree.add(path, LINK)
        self.entries[path] = Entry(path, LINK, target=target)

    def hard_link(self, name: str, target: str) -> None:
        """The same content as a file that came before it."""
        path = checked_path(name)
        try:
            known = self.entries.get(checked_path(target))
        except ArchiveRefused:
            known = None
        if known is None or known.kind != FILE:
            raise ArchiveRefused(Refusal.HARDLINK_ESCAPE, name)
        self.count_bytes(known.size)
        self.tree.add(path, FILE)
        self.entries[path] = Entry(**{**asdict(known), "path": path})

    def file(self, name: str, executable: bool, size: int, content: BinaryIO) -> None:
        """Read a file; its declared size must be true."""
        path = checked_path(name)
        if not path:
            raise ArchiveRefused(Refusal.NAME_UNUSABLE, name)
        if size > self.limits.unpacked_bytes - self.unpacked:
            raise ArchiveRefused(Refusal.TOO_LARGE, path)
        self.tree.add(path, FILE)
        whole, chunks, read = hashlib.sha256(), [], 0
        with self.nested.watch(path) as watch:
            while data := _full(content, CHUNK_BYTES):
                read += len(data)
                self.count_bytes(len(data))
                whole.update(data)
                watch.feed(data)
                digest = hashlib.sha256(data).hexdigest()
                chunks.append(digest)
                self.deliver(digest, compressed(data))
        if read != size:
            raise ArchiveRefused(Refusal.SIZES_WRONG, path)
        self.entries[path] = Entry(path, FILE, executable, size, whole.hexdigest(), tuple(chunks))

    def count_bytes(self, size: int) -> None:
        """Check the limits with this much more unpacked."""
        self.unpacked += size
        if self.unpacked > self.limits.unpacked_bytes:
            raise ArchiveRefused(Refusal.TOO_LARGE)
        if self.unpacked > max(RATIO_FLOOR_BYTES, self.limits.ratio * self.packed):
            raise ArchiveRefused(Refusal.RATIO)

    def result(self) -> list[dict[str, object]]:
        """All entries by path, folders that only longer paths name included."""
        for path, kind in self.tree.kinds.items():
            self.entries.setdefault(path, Entry(path, kind))
        return [asdict(self.entries[path]) for path in sorted(self.entries)]


def compressed(data: bytes) -> bytes:
    """A chunk as it is stored: behind a byte that says whether it is compressed (zlib)."""
    smaller = zlib.compress(data, 1)
    return b"\1" + smaller if len(smaller) < len(data) else b"\0" + data


def _full(content: BinaryIO, length: int) -> bytes:
    """Exactly this many bytes unless the content ends before."""
    parts, missing = [], length
    while missing and (part := content.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
