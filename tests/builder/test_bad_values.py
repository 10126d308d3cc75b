"""What storage cannot hold is refused by name, or cleaned, in every field of the builder."""

import pytest
from tests.builder.conftest import a_request
from tests.builder.scripted import ScriptedEngine
from tests.conftest import ServiceKeys
from tests.support.bad_values import answers_to, signed

from mydocker_builder.domain.failures import BuildFailed
from mydocker_builder.domain.output import readable
from mydocker_builder.main import build
from mydocker_builder.settings import BuilderSettings
from mydocker_kit.clients.builder import AUDIENCE
from mydocker_kit.contracts.builder.builds import BuildFailure


@pytest.mark.timeout(600)
async def test_every_field_of_every_request(
    settings: BuilderSettings, service_keys: ServiceKeys
) -> None:
    app = build(settings, engine=ScriptedEngine())
    async with app.router.lifespan_context(app):
        sent, wrong = await answers_to(app, signed(service_keys, AUDIENCE), set())
    assert wrong == []
    assert sent > 50


def test_a_recipe_keeps_its_tabs_and_lines() -> None:
    request = a_request("FROM debian:12\r\nRUN\ttrue\x1b\u202e")
    assert request.dockerfile == "FROM debian:12\nRUN\ttrue"


def test_what_a_build_says_can_be_stored() -> None:
    assert readable("\x1b[31mbad\x00 \ud800\u202eword\x9b") == "bad word"
    failed = BuildFailed(BuildFailure.STEP_FAILED, "exec \x00\udfff: not found\nlast")
    assert failed.message == "exec : not found\nlast"
