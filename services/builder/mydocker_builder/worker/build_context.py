"""The build context: a Dockerfile and its wrapper script, in a folder."""

from pathlib import Path

from ..domain.dockerfile import for_engine, normalised

WRAPPER = "wrapper.sh"


def write_context(folder: Path, dockerfile: str, wrapper: str) -> None:
    """Write the build context: with Unix line ends, because `#!/bin/sh\\r` is not found.

    BuildKit compares contents and modes, not times, so equal sources hit its cache.
    """
    _write(folder / "Dockerfile", for_engine(dockerfile), 0o644)
    if wrapper:
        _write(folder / WRAPPER, normalised(wrapper), 0o755)


def _write(path: Path, text: str, mode: int) -> None:
    path.write_text(text, encoding="utf-8", newline="")
    path.chmod(mode)
