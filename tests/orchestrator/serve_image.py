"""The image of the engine tests: built on their engine, pushed, known by its digest."""

import io
import json
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

from deploy.machine.docker import Docker

FOLDER = Path(__file__).parent / "image"
_SERVES_TLS = """COPY caddy Caddyfile lab.pem /
ENTRYPOINT ["/caddy"]
CMD ["run", "--config", "/Caddyfile"]
"""
_CADDYFILE = b"""{
	admin off
	auto_https disable_redirects
	persist_config off
	storage file_system /tmp/caddy
}
https://:8080 {
	tls /lab.pem /lab.pem
	respond ok
}
"""


def pushed_image(engine_url: str, registry: str) -> str:
    """`registry/serve@sha256:…`, present on the engine and in the registry."""
    files = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())}
    return _pushed(engine_url, f"{registry}/mydocker-test-serve", files)


def image_with_a_broken_health_check(engine_url: str, image: str) -> str:
    """The same, with a health check whose program it does not have: it fails after a second."""
    check = "HEALTHCHECK --interval=1s --timeout=1s --retries=1 CMD curl -f http://localhost/"
    dockerfile = f"FROM {image}\n{check}\n".encode()
    return _pushed(engine_url, f"{image.partition('@')[0]}-checked", {"Dockerfile": dockerfile})


def image_that_serves_tls(engine_url: str, image: str, certificate: Path) -> str:
    """Caddy with one page over TLS on port 8080, and nothing else. It answers plain HTTP there
    with 400, as most servers do; `certificate` is a PEM file with the key."""
    files = {
        "Dockerfile": f"FROM {image}\n{_SERVES_TLS}".encode(),
        "Caddyfile": _CADDYFILE,
        "caddy": Path(sys.executable).with_name("caddy").read_bytes(),
        "lab.pem": certificate.read_bytes(),
    }
    return _pushed(engine_url, f"{image.partition('@')[0]}-tls", files)


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
            entry.size, entry.mode = len(content), 0o755
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
