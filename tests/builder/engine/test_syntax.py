"""What current Dockerfiles use."""

import re
from uuid import uuid4

from tests.builder.conftest import OpenBuilder, a_request, ended, log_of

from mydocker_builder.settings import BuilderSettings
from mydocker_kit.contracts.builder.builds import BuildPhase

CURRENT = """\ufeff# syntax=docker/dockerfile:1
# escape=`
ARG VERSION=12
FROM debian:${VERSION} AS base
SHELL ["bash", "-c"]
RUN [[ -n $BASH_VERSION ]] && echo says shell bash
RUN <<-EOF
\tset -e
\techo says from the heredoc
EOF
COPY <<one.txt <<two.txt /texts/
FROM not an instruction
one.txt
CMD none either
two.txt

FROM base
COPY --link --chmod=750 wrapper.sh /wrapper.sh
RUN --mount=type=cache,target=/cache `
    --mount=type=bind,from=base,source=/texts,target=/mnt `
    --mount=type=secret,id=absent `
    echo 1 > /cache/seen && grep -q "not an" /mnt/one.txt && echo says cached $(cat /cache/seen)
RUN echo says mode $(stat -c %a /wrapper.sh)
ONBUILD RUN echo never
""".replace("\n", "\r\n")


async def test_what_current_dockerfiles_use_works(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    async with open_builder(on_engine) as builder:
        await builder.put(id, a_request(CURRENT, wrapper="#!/bin/sh\n"))
        status = await ended(builder, id)
        log = await log_of(builder, id)
    assert status.phase == BuildPhase.SUCCEEDED, log
    said = re.findall(r"^#\d+ \d+\.\d+ says (.*)$", log, re.M)
    assert sorted(said) == ["cached 1", "from the heredoc", "mode 750", "shell bash"]
