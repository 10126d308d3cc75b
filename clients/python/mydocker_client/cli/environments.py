"""Commands about my environment of a Course."""

from uuid import UUID

import click

from .. import models
from .output import Session, pass_session


@click.group()
def environments() -> None:
    """My environments: one for each Course."""


@environments.command("show")
@click.argument("course", type=click.UUID)
@pass_session
def show_environment(session: Session, course: UUID) -> None:
    """Show my environment of a Course."""
    _show(session, session.client.environment(course))


@environments.command("start")
@click.argument("course", type=click.UUID)
@pass_session
def start_environment(session: Session, course: UUID) -> None:
    """Start it; `show` says when it is ready."""
    _show(session, session.client.change_environment(course, "start"))


@environments.command("stop")
@click.argument("course", type=click.UUID)
@pass_session
def stop_environment(session: Session, course: UUID) -> None:
    """Stop it; files of the work folder stay."""
    _show(session, session.client.change_environment(course, "stop"))


@environments.command("restart")
@click.argument("course", type=click.UUID)
@pass_session
def restart_environment(session: Session, course: UUID) -> None:
    """Start it anew."""
    _show(session, session.client.change_environment(course, "restart"))


@environments.command("logs")
@click.argument("course", type=click.UUID)
@pass_session
def show_logs(session: Session, course: UUID) -> None:
    """Print what it wrote last."""
    click.echo(session.client.environment_logs(course).text, nl=False)


def _show(session: Session, window: models.StudentWindow) -> None:
    facts = [
        ("course", window.course.title),
        ("state", window.state),
        ("may", ", ".join(window.can)),
    ]
    session.show(window, facts)
