"""Files of an Image in a real build: from the real api through the real builder into BuildKit."""

from uuid import UUID

from tests.api.campus import Campus, an_image
from tests.api.conftest import (  # noqa: F401
    builder,
    campus,
    catalogue,
    changes,
    gateway,
    orchestrator,
    watched,
)
from tests.api.images.archives import a_tar
from tests.api.images.uploading import put_archive, put_file
from tests.builder.conftest import OpenBuilder, ended, log_of

from mydocker_builder.settings import BuilderSettings
from mydocker_kit.contracts.builder.builds import BuildFailure, BuildPhase

DOCKERFILE = """FROM debian:12
COPY requirements.txt /srv/
COPY src /srv/src/
COPY wrapper.sh run.sh /srv/
RUN cat /srv/requirements.txt /srv/src/app.py && ls /srv/src && stat -c '%a %n' /srv/run.sh
"""
FILES = {
    "Dockerfile": b"FROM scratch\nCOPY nothing /\n",
    "requirements.txt": b"numpy from the archive\n",
    "src/app.py": b"print('hello')\n",
    "src/secret.env": b"TOKEN=1\n",
}


async def test_files_reach_the_build(
    open_builder: OpenBuilder,
    on_engine: BuilderSettings,
    campus: Campus,  # noqa: F811
) -> None:
    teacher = await campus.teacher()
    draft = an_image(dockerfile=DOCKERFILE, wrapper="#!/bin/sh\n")
    image = (await teacher.post("/api/images", draft))["id"]
    await put_archive(teacher, image, a_tar(FILES, "w:gz"))
    await put_file(teacher, image, ".dockerignore", b"**/*.env\n")
    context = await put_file(teacher, image, "run.sh", b"#!/bin/sh\n", executable=True)
    build = await teacher.post(f"/api/images/{image}/builds")
    request = campus.builder.requests[UUID(build["id"])]
    settings = on_engine.model_copy(update={"api_url": campus.address})
    async with open_builder(settings) as real:
        await real.put(UUID(build["id"]), request)
        status = await ended(real, UUID(build["id"]))
        log = await log_of(real, UUID(build["id"]))
    assert status.phase is BuildPhase.SUCCEEDED, log
    assert status.context_digest == context["digest"]
    assert "numpy from the archive" in log
    assert "print('hello')" in log
    assert "755 /srv/run.sh" in log
    assert "secret.env" not in log


async def test_a_build_without_its_files_says_so(
    open_builder: OpenBuilder,
    on_engine: BuilderSettings,
    campus: Campus,  # noqa: F811
) -> None:
    teacher = await campus.teacher()
    image = (await teacher.post("/api/images", an_image(dockerfile=DOCKERFILE)))["id"]
    build = await teacher.post(f"/api/images/{image}/builds")
    request = campus.builder.requests[UUID(build["id"])]
    lost = request.model_copy(update={"context_digest": "0" * 64})
    settings = on_engine.model_copy(update={"api_url": campus.address})
    async with open_builder(settings) as real:
        await real.put(UUID(build["id"]), lost)
        status = await ended(real, UUID(build["id"]))
    assert status.failure is BuildFailure.CONTEXT_UNAVAILABLE
