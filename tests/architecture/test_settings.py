"""`.env.example` names every setting there is, and none that is gone."""

import re
from pathlib import Path

from mydocker_api.settings import Settings as ApiSettings
from mydocker_bastion.settings import Settings as BastionSettings
from mydocker_builder.settings import BuilderSettings
from mydocker_kit.settings import ProgramSettings
from mydocker_lti.settings import GatewaySettings
from mydocker_orchestrator.settings import Settings as OrchestratorSettings

ROOT = Path(__file__).parents[2]
SETTINGS: tuple[type[ProgramSettings], ...] = (
    ApiSettings,
    OrchestratorSettings,
    BuilderSettings,
    GatewaySettings,
    BastionSettings,
)


def test_every_setting_is_explained_once() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    explained = re.findall(r"^#?\s?(MYDOCKER_[A-Z0-9_]+)=", text, flags=re.MULTILINE)
    known = {f"MYDOCKER_{field.upper()}" for kind in SETTINGS for field in kind.model_fields}
    edge = set(re.findall(r"MYDOCKER_EDGE_[A-Z_]+", (ROOT / "deploy/edge/Caddyfile").read_text()))
    scripts = [
        ROOT / "deploy/build-engine" / name for name in ("limits.sh", "reach.sh", "entrypoint.sh")
    ]
    read = "".join(script.read_text() for script in scripts)
    engine = set(re.findall(r"MYDOCKER_BUILDS?_[A-Z_]+", read))
    assert sorted(explained) == sorted(known | edge | engine)
