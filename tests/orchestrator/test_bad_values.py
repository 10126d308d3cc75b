"""What storage cannot hold is refused by name, or cleaned, in every field of the orchestrator."""

import pytest
from tests.conftest import ServiceKeys
from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Run
from tests.support.bad_values import answers_to, signed

from mydocker_kit.clients.orchestrator import AUDIENCE
from mydocker_kit.contracts.orchestrator.environments import Reason, ReasonCode
from mydocker_orchestrator.settings import Settings


@pytest.mark.timeout(600)
async def test_every_field_of_every_request(
    run: Run, settings: Settings, service_keys: ServiceKeys
) -> None:
    async with run(settings, swarm=FakeSwarm()) as orchestrator:
        headers = signed(service_keys, AUDIENCE)
        sent, wrong = await answers_to(orchestrator.app, headers, {"password"})
    assert wrong == []
    assert sent > 100


def test_what_an_engine_says_can_be_stored() -> None:
    reason = Reason(
        code=ReasonCode.CRASHED, detail="exec \x00\ud800: gone", parameters={"node": "n\x00"}
    )
    assert (reason.detail, reason.parameters) == ("exec : gone", {"node": "n"})
