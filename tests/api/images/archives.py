"""Archives to upload: good ones, and one of each hostile kind."""

import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Callable, Mapping

import zstandard

FILES = {
    "requirements.txt": b"numpy\n",
    "src/app.py": b"print('hello')\n",
    "src/données.csv": b"1;2\n",
}


def a_tar(files: Mapping[str, bytes] = FILES, mode: str = "w") -> bytes:
    """A tar archive of these files; `mode` as in `tarfile.open`."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            archive.addfile(_header(name, size=len(content)), io.BytesIO(content))
    return buffer.getvalue()


def a_zip(files: Mapping[str, bytes] = FILES, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _header(name: str, **values: object) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    for field, value in values.items():
        setattr(header, field, value)
    return header


def _tar_of(*headers: tarfile.TarInfo) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for header in headers:
            archive.addfile(header, io.BytesIO(b"x" * header.size))
    return buffer.getvalue()


def _link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    return _header(name, type=kind, linkname=target)


def _patched(archive: bytes, old: bytes, new: bytes) -> bytes:
    assert len(old) == len(new)
    assert old in archive
    return archive.replace(old, new)


def zip_bomb() -> bytes:
    """2 GiB of zeros, declared."""
    return _with_size(a_zip({"zeros": bytes(1 << 20)}), 1 << 20, 0x80000000)


def _with_size(archive: bytes, old: int, new: int) -> bytes:
    return archive.replace(struct.pack("<L", old), struct.pack("<L", new))


def gzip_bomb(size: int) -> bytes:
    """A tar.gz with one file of zeros."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb") as packed:
        packed.write(_header("zeros", size=size).tobuf())
        for _ in range(size >> 20):
            packed.write(bytes(1 << 20))
        packed.write(bytes(1024))
    return buffer.getvalue()


def overlapping_zip() -> bytes:
    """Two entries of the directory share the bytes of one file (as in Fifield's bomb)."""
    archive = bytearray(a_zip({"a": bytes(1000), "b": bytes(1000)}))
    second = archive.rfind(b"PK\x01\x02")
    archive[second + 42 : second + 46] = struct.pack("<L", 0)
    return bytes(archive)


def nested_zips(depth: int) -> bytes:
    data = b"x"
    for level in range(depth):
        data = a_zip({f"level{level}.zip": data})
    return data


def many_in_directory(count: int) -> bytes:
    """A zip whose end record announces a large directory."""
    return (
        b"PK\x03\x04"
        + b"x" * 60
        + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, 2**31, 64, 0)
    )


def zip64_lie() -> bytes:
    """A zip64 record that points behind the end of the archive."""
    archive = a_zip({"a": b"1"})
    end = archive.rfind(b"PK\x05\x06")
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 2**60, 1)
    return archive[:end] + locator + archive[end:]


def lying_size(declared: int) -> bytes:
    """A deflated file of 1000 bytes that declares another size."""
    return _with_size(a_zip({"a": bytes(1000)}), 1000, declared)


def encrypted_zip() -> bytes:
    archive = bytearray(a_zip({"a": b"secret"}))
    archive[6] |= 1
    archive[archive.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(archive)


def zip_with_raw_name(name: bytes) -> bytes:
    """A zip with these bytes as the name, marked as UTF-8."""
    plain = b"n" * len(name)
    archive = bytearray(_patched(a_zip({plain.decode(): b"1"}), plain, name))
    archive[7] |= 0x08
    archive[archive.rfind(b"PK\x01\x02") + 9] |= 0x08
    return bytes(archive)


def latin_tar() -> bytes:
    """A tar whose name is written in Latin-1."""
    buffer = io.BytesIO()
    form = tarfile.GNU_FORMAT
    with tarfile.open(fileobj=buffer, mode="w", format=form, encoding="latin-1") as archive:
        archive.addfile(_header("donn\u00e9es.csv"))
    return buffer.getvalue()


def huge_pax_header() -> bytes:
    """An extended header of 600 MiB, which a reader takes into memory whole."""
    return gzip.compress(_header("x", type=tarfile.XHDTYPE, size=600 << 20).tobuf() + bytes(4096))


def zip_link(target: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("link")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, target)
    return buffer.getvalue()


HOSTILE: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "tar: ../": ("archive_path_traversal", lambda: a_tar({"a/../../../etc/cron.d/x": b"1"})),
    "zip: ../": ("archive_path_traversal", lambda: a_zip({"../x": b"1"})),
    "zip: ..\\": ("archive_path_traversal", lambda: a_zip({"..\\..\\x": b"1"})),
    "tar: absolute": ("archive_path_absolute", lambda: a_tar({"/etc/passwd": b"1"})),
    "zip: absolute": ("archive_path_absolute", lambda: a_zip({"/etc/passwd": b"1"})),
    "zip: drive": ("archive_path_absolute", lambda: a_zip({"C:\\x": b"1"})),
    "tar: link out": ("archive_symlink_escape", lambda: _tar_of(_link("a/b", "../../x"))),
    "tar: link to /": ("archive_symlink_escape", lambda: _tar_of(_link("a", "/etc"))),
    "tar: through a link": (
        "archive_symlink_escape",
        lambda: _tar_of(_link("a", "b"), _header("a/x", size=1)),
    ),
    "tar: link over a folder": (
        "archive_duplicate_name",
        lambda: _tar_of(_header("a/x", size=1), _link("a", "b")),
    ),
    "tar: link through a link": (
        "archive_symlink_escape",
        lambda: _tar_of(_link("x/y/s", "../../t"), _link("x/y/p", "s/../..")),
    ),
    "zip: link out": ("archive_symlink_escape", lambda: zip_link("../../etc")),
    "tar: hard link out": (
        "archive_hardlink_escape",
        lambda: _tar_of(_link("a", "/etc/shadow", tarfile.LNKTYPE)),
    ),
    "tar: hard link to a link": (
        "archive_hardlink_escape",
        lambda: _tar_of(_link("a", "b"), _link("c", "a", tarfile.LNKTYPE)),
    ),
    "tar: device": (
        "archive_special_file",
        lambda: _tar_of(_header("null", type=tarfile.CHRTYPE, devmajor=1, devminor=3)),
    ),
    "tar: pipe": ("archive_special_file", lambda: _tar_of(_header("f", type=tarfile.FIFOTYPE))),
    "zip: bomb": ("archive_too_large", zip_bomb),
    "tar.gz: bomb": ("archive_ratio", lambda: gzip_bomb(512 << 20)),
    "zip: entries that overlap": ("archive_sizes_wrong", overlapping_zip),
    "zip: in zip in zip": ("archive_nested_bomb", lambda: nested_zips(6)),
    "gzip in gzip": ("archive_nested_bomb", lambda: gzip.compress(gzip.compress(b"x"))),
    "zip: bomb inside": ("archive_nested_bomb", lambda: a_zip({"in.zip": zip_bomb()})),
    "tar: too many": (
        "archive_too_many_entries",
        lambda: a_tar({f"{number}": b"" for number in range(5001)}),
    ),
    "zip: too many": (
        "archive_too_many_entries",
        lambda: a_zip({f"{number}": b"" for number in range(5001)}, zipfile.ZIP_STORED),
    ),
    "zip: huge directory": ("archive_too_many_entries", lambda: many_in_directory(60_000)),
    "tar: long name": ("archive_name_too_long", lambda: a_tar({"x" * 256: b"1"})),
    "tar: long path": ("archive_name_too_long", lambda: a_tar({"x/" * 600 + "y": b"1"})),
    "tar: huge header": ("archive_name_too_long", huge_pax_header),
    "tar: twice": (
        "archive_duplicate_name",
        lambda: _tar_of(_header("a", size=1), _header("./a", size=2)),
    ),
    "tar: case": ("archive_duplicate_name", lambda: a_tar({"Makefile": b"1", "makefile": b"2"})),
    "tar: Unicode form": ("archive_duplicate_name", lambda: a_tar({"é": b"1", "e\u0301": b"2"})),
    "zip: case of a folder": ("archive_duplicate_name", lambda: a_zip({"A/x": b"", "a/y": b""})),
    "zip: encrypted": ("archive_encrypted", encrypted_zip),
    "zip: no UTF-8": ("archive_name_unusable", lambda: zip_with_raw_name(b"\xff\xfe.txt")),
    "zip: NUL": ("archive_name_unusable", lambda: zip_with_raw_name(b"a\0b.txt")),
    "tar: no UTF-8": ("archive_name_unusable", latin_tar),
    "tar: bidi": ("archive_name_unusable", lambda: a_tar({"a\u202etxt.exe": b"1"})),
    "tar.gz: cut": ("archive_damaged", lambda: a_tar(mode="w:gz")[:-20]),
    "tar: cut": ("archive_damaged", lambda: a_tar()[:700]),
    "tar.xz: garbled": ("archive_damaged", lambda: a_tar(mode="w:xz")[:60] + b"garbage" * 20),
    "zip: cut": ("archive_damaged", lambda: a_zip()[:-30]),
    "zip: garbled": (
        "archive_damaged",
        lambda: _patched(a_zip({"a": b"abc"}, zipfile.ZIP_STORED), b"abc", b"abd"),
    ),
    "zip64: lie": ("archive_sizes_wrong", zip64_lie),
    "zip: larger than declared": ("archive_damaged", lambda: lying_size(10)),
    "zip: smaller than declared": ("archive_sizes_wrong", lambda: lying_size(5000)),
    "no archive": ("archive_unsupported", lambda: b"%PDF-1.7 and so on" * 100),
    "empty": ("archive_unsupported", lambda: b""),
}
GOOD: Mapping[str, Callable[[], bytes]] = {
    "zip": a_zip,
    "zip, stored": lambda: a_zip(method=zipfile.ZIP_STORED),
    "tar": a_tar,
    "tar.gz": lambda: a_tar(mode="w:gz"),
    "tar.bz2": lambda: a_tar(mode="w:bz2"),
    "tar.xz": lambda: a_tar(mode="w:xz"),
    "tar.zst": lambda: zstandard.compress(a_tar()),
}
