"""Images of busybox and a few files, made here, so that nothing has to be fetched."""

import io
import shutil
import tarfile
from collections.abc import Iterable, Mapping

from deploy.machine.failures import CannotStart


def root_of(
    applets: Iterable[str],
    files: Mapping[str, bytes],
    folders: Iterable[str] = ("tmp",),
    owned: Mapping[str, int] | None = None,
) -> bytes:
    """A root as the engine imports it; everybody may write to `folders`, and to those of `owned`
    only the user with that number."""
    busybox = shutil.which("busybox")
    if busybox is None:
        raise CannotStart("busybox is missing: install the package busybox-static.")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        with open(busybox, "rb") as program:
            _file(archive, "bin/busybox", program.read())
        for applet in applets:
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            archive.addfile(link)
        for name, content in files.items():
            _file(archive, name, content)
        for folder in folders:
            _folder(archive, folder, 0o777, 1000)
        for folder, owner in (owned or {}).items():
            _folder(archive, folder, 0o755, owner)
    return packed.getvalue()


def _file(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o755
    archive.addfile(entry, io.BytesIO(content))


def _folder(archive: tarfile.TarFile, name: str, mode: int, owner: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.uid, entry.gid = tarfile.DIRTYPE, mode, owner, owner
    archive.addfile(entry)
