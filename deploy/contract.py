"""The contract of services and page: `python -m deploy.contract` writes it, `--check` compares."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from deploy.machine.failures import doing, guarded
from mydocker_api import openapi as api
from mydocker_lti import openapi as gateway

_ROOT = Path(__file__).parents[1]
_FRONTEND = _ROOT / "frontend"


def main() -> int:
    """0 when written, or when all files are as the code says."""
    parser = argparse.ArgumentParser(prog="python -m deploy.contract", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, say what is old")
    work = _compare if parser.parse_args().check else _write
    return guarded("deploy.contract", work)


def _write() -> int:
    for path, content in _contents():
        with doing("write what services and page agreed on"):
            path.write_text(content, encoding="utf-8")
    return 0


def _compare() -> int:
    stale = [path for path, content in _contents() if not _is(path, content)]
    for path in stale:
        print(f"{path.relative_to(_ROOT)} is not what the code says: make openapi", file=sys.stderr)
    return 1 if stale else 0


def _contents() -> list[tuple[Path, str]]:
    """Each file with what the code says of it."""
    return [
        *_described("services/api", api.openapi_json(), "schema.d.ts"),
        *_described("services/lti-gateway", gateway.openapi_json(), "gateway.d.ts"),
    ]


def _described(service: str, description: str, types: str) -> Iterator[tuple[Path, str]]:
    """A service's description, and the page's types made from it."""
    yield _ROOT / service / "openapi.json", description
    yield _FRONTEND / "src/api" / types, _types_of(description)


def _is(path: Path, content: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == content


def _types_of(description: str) -> str:
    """The types, as `npm run openapi` writes them."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "openapi.json"), Path(folder, "schema.d.ts")
        source.write_text(description, encoding="utf-8")
        tool = _FRONTEND / "node_modules/.bin/openapi-typescript"
        command = [str(tool), str(source), "-o", str(target), "--alphabetize"]
        with doing("making the page's typed client with openapi-typescript"):
            subprocess.run(command, check=True, capture_output=True, cwd=_FRONTEND)
        return target.read_text(encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
