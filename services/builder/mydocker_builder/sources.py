"""What the engine gets to read: a Dockerfile and its wrapper script, as a tar archive."""

import io
import tarfile

from .domain.dockerfile import normalised

WRAPPER = "wrapper.sh"


def build_context(dockerfile: str, wrapper: str) -> bytes:
    """The build context. Unix line ends, or `#!/bin/sh\\r` would not be found; no clock in it, so
    that the same sources find the engine's cache."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        _add(archive, "Dockerfile", dockerfile, 0o644)
        if wrapper:
            _add(archive, WRAPPER, wrapper, 0o755)
    return buffer.getvalue()


def _add(archive: tarfile.TarFile, name: str, text: str, mode: int) -> None:
    content = normalised(text).encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    archive.addfile(entry, io.BytesIO(content))
