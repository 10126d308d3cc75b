"""The image of the engine tests: built on their engine, pushed, known by its digest."""

import io
import json
import tarfile
from pathlib import Path

import httpx

FOLDER = Path(__file__).parent / "image"


def pushed_image(engine_url: str, registry: str) -> str:
    """`registry/serve@sha256:…`, present on the engine and in the registry."""
    transport = httpx.HTTPTransport(uds=engine_url.removeprefix("unix://"))
    name = f"{registry}/mydocker-test-serve"
    with httpx.Client(transport=transport, base_url="http://engine/v1.41", timeout=120) as engine:
        built = engine.post("/build", params={"t": f"{name}:1"}, content=_context())
        _check(built)
        # The engine wants the header even where nobody asks who pushes.
        pushed = engine.post(
            f"/images/{name}/push", params={"tag": "1"}, headers={"X-Registry-Auth": "e30="}
        )
        _check(pushed)
        digests: list[str] = engine.get(f"/images/{name}:1/json").json()["RepoDigests"]
        return digests[0]


def _check(answer: httpx.Response) -> None:
    answer.raise_for_status()
    for line in answer.text.splitlines():
        said = json.loads(line)
        assert "error" not in said, said


def _context() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path in sorted(FOLDER.iterdir()):
            archive.add(path, path.name)
    return packed.getvalue()
