"""The build context: an Image's files, Dockerfile and wrapper script, in a folder."""

import shutil
from pathlib import Path

from ..domain.context_sources import DOCKERFILE, WRAPPER
from ..domain.dockerfile import for_engine, normalised


def write_context(folder: Path, dockerfile: str, wrapper: str, files: Path | None = None) -> None:
    """Move the files there, then write the Dockerfile and the wrapper over theirs.

    Those two get Unix line ends, because `#!/bin/sh\\r` is not found.

    BuildKit compares contents and modes, not times, so equal sources hit its cache.
    """
    for path in files.iterdir() if files else ():
        path.rename(folder / path.name)
    _write(folder / DOCKERFILE, for_engine(dockerfile), 0o644)
    if wrapper:
        _write(folder / WRAPPER, normalised(wrapper), 0o755)


def _write(path: Path, text: str, mode: int) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)  # a link would be written through
    path.write_text(text, encoding="utf-8", newline="")
    path.chmod(mode)
