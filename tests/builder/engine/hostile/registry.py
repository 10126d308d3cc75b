"""A registry that the operator allows and that an attacker writes to, or runs."""

import gzip
import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

OCI = "application/vnd.oci.image"


def _digest(data: bytes) -> str:
    return f"sha256:{sha256(data).hexdigest()}"


def _layer() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("file"))
    return packed.getvalue()


LAYER = _layer()
PACKED = gzip.compress(LAYER, mtime=0)


def response(
    body: bytes = b"", status: str = "200 OK", headers: Mapping[str, str] | None = None
) -> bytes:
    """A whole HTTP answer."""
    head = {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in head.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass(frozen=True)
class HostileRegistry:
    """One image, `school/base:1`, whose every answer leads to `lure` in one way.

    `trick` is `token` (the realm of its tokens), `manifest` or `blob` (a redirect), `urls` (a layer
    that its manifest places elsewhere), or `none`: an honest registry.
    """

    trick: str
    lure: str

    def answer(self, path: str) -> bytes:
        if self.trick == "token":
            realm = f'Bearer realm="{self.lure}",service="x",scope="repository:school/base:pull"'
            return response(b"{}", "401 Unauthorized", {"WWW-Authenticate": realm})
        if "/manifests/" in path:
            return self._manifest(path)
        if "/blobs/" in path:
            return self._blob(path)
        return response(b"{}", headers={"Docker-Distribution-API-Version": "registry/2.0"})

    def _manifest(self, path: str) -> bytes:
        if self.trick == "manifest":
            return response(status="307 Temporary Redirect", headers={"Location": self.lure})
        body = json.dumps(self._described()).encode()
        headers = {
            "Content-Type": f"{OCI}.manifest.v1+json",
            "Docker-Content-Digest": _digest(body),
        }
        return response(body, headers=headers)

    def _blob(self, path: str) -> bytes:
        if path.endswith(_digest(_config())):
            return response(_config(), headers={"Content-Type": "application/octet-stream"})
        if self.trick == "blob":
            return response(status="307 Temporary Redirect", headers={"Location": self.lure})
        if self.trick == "urls":  # only the manifest's address has it
            return response(status="404 Not Found")
        return response(PACKED, headers={"Content-Type": "application/octet-stream"})

    def _described(self) -> dict[str, Any]:
        layer: dict[str, Any] = {
            "mediaType": f"{OCI}.layer.v1.tar+gzip",
            "digest": _digest(PACKED),
            "size": len(PACKED),
        }
        if self.trick == "urls":
            layer["urls"] = [self.lure]
        config = {
            "mediaType": f"{OCI}.config.v1+json",
            "digest": _digest(_config()),
            "size": len(_config()),
        }
        return {
            "schemaVersion": 2,
            "mediaType": f"{OCI}.manifest.v1+json",
            "config": config,
            "layers": [layer],
        }


def _config() -> bytes:
    described = {
        "architecture": "amd64",
        "os": "linux",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [_digest(LAYER)]},
    }
    return json.dumps(described).encode()
