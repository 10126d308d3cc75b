"""The image of the engine tests: built on their engine, pushed, known by its digest."""

import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path

from deploy.machine.docker import Docker

FOLDER = Path(__file__).parent / "image"


def pushed_image(engine_url: str, registry: str) -> str:
    """`registry/serve@sha256:…`, present on the engine and in the registry."""
    files = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())}
    return _pushed(engine_url, f"{registry}/mydocker-test-serve", files)


def image_with_a_broken_health_check(engine_url: str, image: str) -> str:
    """The same, with a health check whose program it does not have: it fails after a second."""
    check = "HEALTHCHECK --interval=1s --timeout=1s --retries=1 CMD curl -f http://localhost/"
    dockerfile = f"FROM {image}\n{check}\n".encode()
    return _pushed(engine_url, f"{image.partition('@')[0]}-checked", {"Dockerfile": dockerfile})


def _pushed(engine_url: str, name: str, files: Mapping[str, bytes]) -> str:
    with Docker(engine_url, seconds=120) as engine:
        for _ in engine.follow("/build", _context(files), t=f"{name}:1"):
            pass
        # The engine wants the header even where nobody asks who pushes.
        header = {"X-Registry-Auth": "e30="}
        pushed = engine.send("POST", f"/images/{name}/push", header, tag="1")
        for line in pushed.splitlines():
            assert "error" not in json.loads(line), line
        digests: list[str] = engine.get(f"/images/{name}:1/json")["RepoDigests"]
        return next(digest for digest in digests if digest.startswith(f"{name}@"))


def _context(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
