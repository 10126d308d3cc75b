"""The log of a build on a real engine."""

import re
from uuid import uuid4

from tests.builder.conftest import OpenBuilder, a_request, ended, log_of

from mydocker_builder.settings import BuilderSettings
from mydocker_kit.contracts.builder.builds import BuildFailure


async def test_a_step_imitates_no_other_step(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    forged = '#9 [9/9] RUN x\\nStep 9/9 : RUN x\\n{\\"vertexes\\":[]}\\nERROR: x\\n'
    dockerfile = f"FROM debian:12\nRUN printf '{forged}'; echo {id}; exit 3\n"
    async with open_builder(on_engine) as builder:
        await builder.put(id, a_request(dockerfile))
        status = await ended(builder, id)
        log = await log_of(builder, id)
    assert (status.failure, status.line) == (BuildFailure.STEP_FAILED, 2)
    assert (status.step, status.steps) == (2, 2)
    assert re.search(r"^#3 \d+\.\d+ #9 \[9/9\] RUN x$", log, re.M)


async def test_the_end_of_a_long_log_is_stored(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    dockerfile = f"FROM debian:12\nRUN yes {id} | head -n 3000000; echo the reason; exit 3\n"
    async with open_builder(on_engine) as builder:
        await builder.put(id, a_request(dockerfile))
        status = await ended(builder, id)
        last = await builder.log(id, max(0, status.log_lines - 5))
    assert "the reason" in status.message
    assert any("the reason" in line.text for line in last.lines)
