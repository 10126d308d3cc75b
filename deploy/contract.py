"""What api and page agreed on: `python -m deploy.contract` writes it, `--check` compares it."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.machine.failures import doing, guarded
from mydocker_api.openapi import openapi_json

_ROOT = Path(__file__).parents[1]
_DESCRIPTION = _ROOT / "services/api/openapi.json"
_FRONTEND = _ROOT / "frontend"
_CLIENT = _FRONTEND / "src/api/schema.d.ts"


def main() -> int:
    """0 when written, or when both files are as the code says."""
    parser = argparse.ArgumentParser(prog="python -m deploy.contract", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, say what is old")
    work = _compare if parser.parse_args().check else _write
    return guarded("deploy.contract", work)


def _write() -> int:
    description = openapi_json()
    with doing("write what api and page agreed on"):
        _DESCRIPTION.write_text(description, encoding="utf-8")
        _CLIENT.write_text(_client_of(description), encoding="utf-8")
    return 0


def _compare() -> int:
    description = openapi_json()
    stale = [] if _is(_DESCRIPTION, description) else [_DESCRIPTION]
    if not _is(_CLIENT, _client_of(description)):
        stale.append(_CLIENT)
    for path in stale:
        print(f"{path.relative_to(_ROOT)} is not what the code says: make openapi", file=sys.stderr)
    return 1 if stale else 0


def _is(path: Path, content: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == content


def _client_of(description: str) -> str:
    """The typed client, as `npm run openapi` writes it."""
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
