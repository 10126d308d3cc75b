"""Reads zip archives.

The directory at the end is measured before `zipfile` reads it into memory; sizes are believed only
when the content agrees, and two entries never share bytes of the archive.
Reference: APPNOTE.TXT 6.3.10, sections 4.3 and 4.4.
"""

import contextlib
import stat
import struct
import zipfile
import zlib
from typing import BinaryIO, cast

from .collector import Collector
from .limits import PATH_BYTES
from .refusal import ArchiveRefused, Refusal

_END, _LOCATOR, _END64 = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
_TAIL = 22 + 65535
"""The end record with the longest comment."""
_BYTES_PER_ENTRY = 46 + 2 * PATH_BYTES + 1024
"""Of the directory, with extra fields and a comment."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_IS_ENCRYPTED, _IS_UTF8 = 0x1, 0x800
_SPECIAL = (stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK)
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, ValueError)


def read_zip(archive: BinaryIO, collector: Collector) -> None:
    """Hand every entry to the collector; `ArchiveRefused` for a hostile or damaged archive."""
    try:
        _check_directory(archive, collector.packed, collector.limits.entries)
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            _check_entries(entries, collector)
            for entry in entries:
                _read_entry(opened, entry, collector)
    except UnicodeDecodeError as error:
        raise ArchiveRefused(Refusal.NAME_UNUSABLE) from error
    except NotImplementedError as error:
        raise ArchiveRefused(Refusal.UNSUPPORTED) from error
    except _DAMAGED as error:
        raise ArchiveRefused(Refusal.DAMAGED) from error


def _check_directory(archive: BinaryIO, size: int, most: int) -> None:
    """Refuse a directory that is larger than the most entries need, before it is read."""
    archive.seek(max(0, size - _TAIL))
    tail = archive.read(_TAIL)
    end = tail.rfind(_END)
    if end < 0 or len(tail) - end < 22:
        raise ArchiveRefused(Refusal.DAMAGED)
    count, directory = struct.unpack_from("<HL", tail, end + 10)
    if end >= 20 and tail[end - 20 :].startswith(_LOCATOR):
        [at] = struct.unpack_from("<Q", tail, end - 20 + 8)
        if at > size - 56:
            raise ArchiveRefused(Refusal.SIZES_WRONG)
        archive.seek(at)
        record = archive.read(56)
        if not record.startswith(_END64):
            raise ArchiveRefused(Refusal.SIZES_WRONG)
        count, directory = struct.unpack_from("<QQ", record, 32)
    if count > most or directory > most * _BYTES_PER_ENTRY:
        raise ArchiveRefused(Refusal.TOO_MANY_ENTRIES)
    if directory > size:
        raise ArchiveRefused(Refusal.SIZES_WRONG)


def _check_entries(entries: list[zipfile.ZipInfo], collector: Collector) -> None:
    """What the directory alone shows: encryption, sizes, entries that share bytes."""
    if len(entries) > collector.limits.entries:
        raise ArchiveRefused(Refusal.TOO_MANY_ENTRIES)
    if any(entry.flag_bits & _IS_ENCRYPTED for entry in entries):
        raise ArchiveRefused(Refusal.ENCRYPTED)
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise ArchiveRefused(Refusal.UNSUPPORTED)
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end or entry.compress_size > collector.packed:
            raise ArchiveRefused(Refusal.SIZES_WRONG, entry.filename)
        end = entry.header_offset + 30 + entry.compress_size
    declared = sum(entry.file_size for entry in entries)
    if declared > collector.limits.unpacked_bytes:
        raise ArchiveRefused(Refusal.TOO_LARGE)


def _read_entry(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, collector: Collector) -> None:
    name, mode = _name(entry), entry.external_attr >> 16
    if stat.S_IFMT(mode) in _SPECIAL:
        raise ArchiveRefused(Refusal.SPECIAL_FILE, name)
    if name.endswith("/"):
        collector.folder(name)
        return
    with opened.open(entry) as content:
        if stat.S_ISLNK(mode):
            collector.link(name, content.read(PATH_BYTES + 1).decode())
        else:
            file = cast(BinaryIO, content)
            collector.file(name, bool(mode & stat.S_IXUSR), entry.file_size, file)


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as it was written: UTF-8 where its bytes are, with slashes for backslashes.

    `zipfile` ends a name at NUL and reads names without the flag for UTF-8 as code page 437;
    programs under Linux and macOS write UTF-8 there, too.
    """
    name = entry.orig_filename
    if not entry.flag_bits & _IS_UTF8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")
