"""An image of two megabytes for tests of many nodes: busybox and a script of simple commands."""

import json

from deploy.machine.docker import Docker
from deploy.machine.failures import CannotStart
from deploy.node.busybox import root_of

_SERVE = """#!/bin/sh
# Behaves as its arguments say: listens (kind:port), ends (exit:code), prints (say:text),
# waits until it may write a file (later:path).
trap 'exit 0' TERM
for word in "$@"; do
    value=${word#*:}
    case $word in
    say:*) echo "$value" ;;
    env:*) eval "echo $value=\\$$value" ;;
    exit:*) exit "$value" ;;
    wait:*) sleep "$value" ;;
    later:*)
        until { true > "$value"; } 2> /dev/null; do sleep 0.1; done
        echo "wrote $value"
        ;;
    ssh:*) nc -ll -p "$value" -e /bin/banner & ;;
    web:*) httpd -p "$value" -h /www ;;
    esac
done
while :; do sleep 3600 & wait $!; done
"""
_BANNER = "#!/bin/sh\necho SSH-2.0-test\nread -t 5 answer\n"
_OWNED = {"of-root": 0, "of-other": 1234, "of-student": 1000}
"""Folders in which only the user with that number may write."""
_APPLETS = ("sh", "nc", "httpd", "sleep", "wget", "id", "cat", "ls", "ip", "true")


def push(docker: Docker, registry: str, name: str = "mydocker-test-tiny") -> str:
    """`registry/name@sha256:…`, present on this engine and in the registry."""
    reference = f"{registry}/{name}"
    changes = [
        'ENTRYPOINT ["/bin/serve"]',
        'CMD ["ssh:22"]',
        "ENV PATH=/bin",
        "VOLUME /declared",
    ]
    files = {
        "bin/serve": _SERVE.encode(),
        "bin/banner": _BANNER.encode(),
        "www/index.html": b"ok\n",
    }
    root = root_of(_APPLETS, files, ("tmp", "home/student"), _OWNED)
    for _ in docker.follow(
        "/images/create", root, fromSrc="-", repo=reference, tag="1", changes=changes
    ):
        pass
    # The engine wants the header even where nobody asks who pushes.
    answer = docker.send("POST", f"/images/{reference}/push", {"X-Registry-Auth": "e30="}, tag="1")
    for line in answer.splitlines():
        if "error" in json.loads(line):
            raise CannotStart(f"the registry at {registry} took no image: {line}")
    digests: list[str] = docker.get(f"/images/{reference}:1/json")["RepoDigests"]
    return digests[0]
