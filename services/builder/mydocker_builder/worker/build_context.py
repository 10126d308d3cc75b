"""The build context: a Dockerfile and its wrapper script, as a tar archive."""

import io
import tarfile

from ..domain.dockerfile import normalised

WRAPPER = "wrapper.sh"


def build_context(dockerfile: str, wrapper: str) -> bytes:
    """The build context: with Unix line ends, because `#!/bin/sh\\r` is not found, and without
    times, so that equal sources hit the engine's cache."""
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
