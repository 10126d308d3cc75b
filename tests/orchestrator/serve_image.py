"""The image of the engine tests: built on their engine, pushed, known by its digest."""

import io
import json
import tarfile
from pathlib import Path

from deploy.demo.docker import Docker

FOLDER = Path(__file__).parent / "image"


def pushed_image(engine_url: str, registry: str) -> str:
    """`registry/serve@sha256:…`, present on the engine and in the registry."""
    name = f"{registry}/mydocker-test-serve"
    with Docker(engine_url, seconds=120) as engine:
        for _ in engine.follow("/build", _context(), t=f"{name}:1"):
            pass
        # The engine wants the header even where nobody asks who pushes.
        header = {"X-Registry-Auth": "e30="}
        pushed = engine.send("POST", f"/images/{name}/push", header, tag="1")
        for line in pushed.splitlines():
            assert "error" not in json.loads(line), line
        digests: list[str] = engine.get(f"/images/{name}:1/json")["RepoDigests"]
        return digests[0]


def _context() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path in sorted(FOLDER.iterdir()):
            archive.add(path, path.name)
    return packed.getvalue()
