"""The contract of services and clients: `python -m deploy.contract` writes, `--check` compares."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from deploy.client_types import models_of
from deploy.machine.failures import doing, guarded
from deploy.refusals import operations
from mydocker_api import openapi as api
from mydocker_api.routes import REFUSALS as API_REFUSALS
from mydocker_kit.openapi.refusals import Refusals
from mydocker_lti import openapi as gateway

_ROOT = Path(__file__).parents[1]
_FRONTEND = _ROOT / "frontend"
_BESIDE_OPERATIONS = {"internal_error": 500, "method_not_allowed": 405}
"""Codes that no operation declares: of faults of ours, and of what is no operation."""
_MOST_OPERATIONS = 15
"""That a page of a code lists; of more it says that there are many."""
_MODELS = _ROOT / "clients/python/mydocker_client/models.py"


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
    of_api, of_gateway = operations.of_api(), operations.of_gateway()
    described = api.openapi_json(of_api)
    return [
        (API_REFUSALS, _json(of_api)),
        (gateway.REFUSALS, _json(of_gateway)),
        (_FRONTEND / "src/api/problemPages.json", _pages(of_api, of_gateway)),
        *_described("services/api", described, "schema.d.ts"),
        (_MODELS, models_of(described)),
        *_described("services/lti-gateway", gateway.openapi_json(of_gateway), "gateway.d.ts"),
    ]


def _json(refusals: Refusals) -> str:
    """A line for each status of each operation, so that a change is easy to read."""
    operations = [
        f"  {json.dumps(name)}: {{\n"
        + ",\n".join(f"    {json.dumps(status)}: {json.dumps(codes[status])}" for status in codes)
        + "\n  }"
        for name, codes in sorted(refusals.items())
    ]
    return "{\n" + ",\n".join(operations) + "\n}\n"


def _pages(*services: Refusals) -> str:
    """What the page `/problems/CODE` says of each code: its statuses, and who answers it."""
    statuses, operations = defaultdict[str, set[int]](set), defaultdict[str, set[str]](set)
    for code, beside in _BESIDE_OPERATIONS.items():
        statuses[code].add(beside)
        operations[code] = set()
    for refusals in services:
        for operation, codes_by_status in refusals.items():
            for status, codes in codes_by_status.items():
                for code in codes:
                    statuses[code].add(int(status))
                    operations[code].add(operation)
    lines = [
        f"  {json.dumps(code)}: "
        + json.dumps(
            {
                "status": sorted(statuses[code]),
                "operations": sorted(names) if len(names) <= _MOST_OPERATIONS else [],
            }
        )
        for code, names in sorted(operations.items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


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
