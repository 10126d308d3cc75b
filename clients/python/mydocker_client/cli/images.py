"""Commands about Images and their builds."""

import time
from typing import TextIO
from uuid import UUID

import click

from .. import models
from ..client import Client
from ..errors import Exit
from .output import Session, pass_session

POLL_SECONDS = 1.0
_ENDED = {models.BuildPhase.SUCCEEDED, models.BuildPhase.FAILED, models.BuildPhase.CANCELLED}


@click.group()
def images() -> None:
    """Images of mine."""


@images.command("list")
@click.option("--search", default="")
@pass_session
def list_images(session: Session, search: str) -> None:
    """List my Images."""
    entries = list(session.client.images(search))
    rows = [
        (str(entry.id), entry.last_build.phase if entry.last_build else None, entry.title)
        for entry in entries
    ]
    session.show_list(entries, ("ID", "LAST BUILD", "TITLE"), rows)


@images.command("update")
@click.argument("image", type=click.UUID)
@click.option("--dockerfile", type=click.File())
@click.option("--wrapper", type=click.File())
@pass_session
def update_image(
    session: Session, image: UUID, dockerfile: TextIO | None, wrapper: TextIO | None
) -> None:
    """Replace the Dockerfile or the wrapper script of an Image; what is not named stays."""
    current = session.client.image(image)
    draft = models.ImageDraft.model_validate(current.model_dump())
    if dockerfile is not None:
        draft.dockerfile = dockerfile.read()
    if wrapper is not None:
        draft.wrapper = wrapper.read()
    changed = session.client.update_image(image, draft.model_dump(mode="json"), current.etag)
    session.show(changed, [("id", str(changed.id)), ("title", changed.title)])


@click.group()
def builds() -> None:
    """Builds of my Images."""


@builds.command("list")
@click.argument("image", type=click.UUID)
@pass_session
def list_builds(session: Session, image: UUID) -> None:
    """List builds of an Image, newest first."""
    entries = list(session.client.builds(image))
    rows = [(str(entry.id), entry.number, entry.phase, entry.message) for entry in entries]
    session.show_list(entries, ("ID", "NUMBER", "PHASE", "MESSAGE"), rows)


@builds.command("start")
@click.argument("image", type=click.UUID)
@click.option("--follow", is_flag=True, help="Print the log until the build ends.")
@pass_session
def start_build(session: Session, image: UUID, follow: bool) -> None:
    """Build an Image. With --follow the exit code is 1 unless the build succeeds."""
    build = session.client.start_build(image)
    if follow:
        _follow(session.client, build.id)
        build = _ended(session.client, build.id)
    _show(session, build)
    if follow and build.phase != models.BuildPhase.SUCCEEDED:
        raise click.exceptions.Exit(Exit.FAILED)


@builds.command("log")
@click.argument("build", type=click.UUID)
@click.option("--follow", is_flag=True, help="Go on until the build ends.")
@pass_session
def show_log(session: Session, build: UUID, follow: bool) -> None:
    """Print the log of a build."""
    _follow(session.client, build, wait=follow, to_stderr=False)


@builds.command("cancel")
@click.argument("build", type=click.UUID)
@pass_session
def cancel_build(session: Session, build: UUID) -> None:
    """Stop a build."""
    _show(session, session.client.cancel_build(build))


def _follow(client: Client, id: UUID, *, wait: bool = True, to_stderr: bool = True) -> None:
    """Print the log as it comes; to standard error where the build itself is the output."""
    after = 0
    while True:
        page = client.build_log(id, after)
        for line in page.lines:
            after = line.number
            click.echo(line.text, err=to_stderr)
        if page.lines:
            continue
        if page.ended or not wait:
            return
        time.sleep(POLL_SECONDS)


def _ended(client: Client, id: UUID) -> models.BuildStatus:
    """The build, once its phase says that it ended: the log may end a moment earlier."""
    while (build := client.build(id)).phase not in _ENDED:
        time.sleep(POLL_SECONDS)
    return build


def _show(session: Session, build: models.BuildStatus) -> None:
    session.show(
        build,
        [
            ("id", str(build.id)),
            ("number", build.number),
            ("phase", build.phase),
            ("message", build.message),
            ("reference", build.reference),
        ],
    )
