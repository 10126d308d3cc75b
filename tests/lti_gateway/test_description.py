"""The gateway's description names every route that the page asks."""

import json
import re
from pathlib import Path

from mydocker_lti.openapi import openapi_json

_ROOT = Path(__file__).parents[2]
_PAGE = [
    *(_ROOT / "frontend/src/api").glob("*.ts"),
    _ROOT / "frontend/src/features/picker/deepLinking.ts",
]


def test_it_is_written_down() -> None:
    written = (_ROOT / "services/lti-gateway/openapi.json").read_text(encoding="utf-8")
    assert written == openapi_json(), "run: make openapi"


def test_it_names_every_route_of_the_page() -> None:
    paths = json.loads(openapi_json())["paths"]
    described = {re.sub(r"\{\w+\}", "*", path) for path in paths}
    asked = {
        re.sub(r"\$\{[^}]*\}", "*", path)
        for source in _PAGE
        if not source.name.endswith((".d.ts", ".test.ts"))
        for path in re.findall(
            r"[\"`](/lti/[^\"`?]+?)(?:\$\{query\})?[\"`]", source.read_text("utf-8")
        )
    }
    assert asked, "no route found in the page's sources"
    assert asked <= described
