"""The child process: `python -m mydocker_api.unpacking LIMITS SIZE [NAME]`.

With NAME, the upload is one file of that path; without it, an archive.
"""

import io
import resource
import sys
from pathlib import Path
from typing import BinaryIO, cast

from .collector import Collector
from .frames import RemoteArchive, send
from .limits import MIB, Limits
from .refusal import ArchiveRefused, Refusal
from .tars import read_tar
from .zips import read_zip

_BUFFER = MIB // 4
_BEGIN = 512


def main(limits: Limits, size: int, name: str | None) -> None:
    """Read the upload and write frames: `chunk` for each, then `end` or `refused`."""
    requests, answers = sys.stdout.buffer, sys.stdin.buffer
    upload = io.BufferedReader(RemoteArchive(requests, answers, size), _BUFFER)

    def deliver(digest: str, data: bytes) -> None:
        send(requests, {"kind": "chunk", "digest": digest, "size": len(data)}, data)

    try:
        entries = _read(cast(BinaryIO, upload), Collector(limits, size, deliver), name)
    except ArchiveRefused as refused:
        header = {"kind": "refused", "code": refused.refusal.value, "path": refused.path}
        send(requests, header)
    except MemoryError:
        send(requests, {"kind": "refused", "code": Refusal.TOO_SLOW.value, "path": ""})
    else:
        send(requests, {"kind": "end", "entries": entries, "peak_bytes": _peak_bytes()})


def _read(upload: BinaryIO, collector: Collector, name: str | None) -> list[dict[str, object]]:
    if name is not None:
        collector.file(name, False, collector.packed, upload)
        return collector.result()
    begin = upload.read(_BEGIN)
    upload.seek(0)
    if begin.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        read_zip(upload, collector)
    else:
        read_tar(upload, begin, collector)
    return collector.result()


def _peak_bytes() -> int:
    """Most memory this program held; `ru_maxrss` would include its parent's before exec."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [kibibytes] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(kibibytes) * 1024


def _limit_process(limits: Limits) -> None:
    """Nothing written, memory and processor time bounded."""
    for kind, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
    ):
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    given = Limits.from_json(sys.argv[1])
    _limit_process(given)
    main(given, int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
