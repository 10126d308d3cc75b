"""An image of two megabytes for tests of many nodes: busybox and a script that does as told."""

import io
import json
import shutil
import tarfile

from deploy.demo.docker import Docker
from deploy.demo.errors import CannotStart

_SERVE = """#!/bin/sh
# Behaves as its arguments say: listens (kind:port), ends (exit:code), prints (say:text).
trap 'exit 0' TERM
for word in "$@"; do
    value=${word#*:}
    case $word in
    say:*) echo "$value" ;;
    env:*) eval "echo $value=\\$$value" ;;
    exit:*) exit "$value" ;;
    wait:*) sleep "$value" ;;
    ssh:*) nc -ll -p "$value" -e /bin/banner & ;;
    web:*) httpd -p "$value" -h /www ;;
    esac
done
while :; do sleep 3600 & wait $!; done
"""
_BANNER = "#!/bin/sh\necho SSH-2.0-test\nread -t 5 answer\n"
_APPLETS = ("sh", "nc", "httpd", "sleep", "wget", "id", "cat", "ls", "ip", "true")


def push(docker: Docker, registry: str, name: str = "mydocker-test-tiny") -> str:
    """`registry/name@sha256:…`, present on this engine and in the registry."""
    reference = f"{registry}/{name}"
    changes = ['ENTRYPOINT ["/bin/serve"]', 'CMD ["ssh:22"]', "ENV PATH=/bin"]
    for _ in docker.follow(
        "/images/create", _root(), fromSrc="-", repo=reference, tag="1", changes=changes
    ):
        pass
    # The engine wants the header even where nobody asks who pushes.
    answer = docker.send("POST", f"/images/{reference}/push", {"X-Registry-Auth": "e30="}, tag="1")
    for line in answer.splitlines():
        if "error" in json.loads(line):
            raise CannotStart(f"the registry at {registry} took no image: {line}")
    digests: list[str] = docker.get(f"/images/{reference}:1/json")["RepoDigests"]
    return digests[0]


def _root() -> bytes:
    busybox = shutil.which("busybox")
    if busybox is None:
        raise CannotStart("busybox is missing: python -m deploy.testing.packages installs it.")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        with open(busybox, "rb") as program:
            _file(archive, "bin/busybox", program.read())
        for applet in _APPLETS:
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            archive.addfile(link)
        _file(archive, "bin/serve", _SERVE.encode())
        _file(archive, "bin/banner", _BANNER.encode())
        _file(archive, "www/index.html", b"ok\n")
        for folder in ("tmp", "home/student"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode, entry.uid, entry.gid = tarfile.DIRTYPE, 0o777, 1000, 1000
            archive.addfile(entry)
    return packed.getvalue()


def _file(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o755
    archive.addfile(entry, io.BytesIO(content))
