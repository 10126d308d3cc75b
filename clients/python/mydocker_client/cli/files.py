"""`apply` and `export`: Courses from files, and a file from a Course."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import click

from .. import applying, course_files
from ..applying import Plan
from ..errors import ApiError, ClientError, Exit
from .output import Session, pass_session


@click.command()
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--check", is_flag=True, help="Change nothing; exit code 9 when they differ.")
@click.option("--prune", is_flag=True, help="Delete sessions and rights that a file does not name.")
@pass_session
def apply(session: Session, files: tuple[Path, ...], yes: bool, check: bool, prune: bool) -> None:
    """Make Courses with their sessions and rights as FILES say.

    A folder stands for the YAML files in it. All files are read and compared before anything is
    changed, and the difference is shown first. A second run changes nothing. Where one Course
    cannot be changed the others are, and the exit code is that of the first failure.
    """
    wanted = course_files.read_all(course_files.files_of(files))
    builds: applying.Builds = {}
    plans = [
        (path, _plan(session, path, entry, prune, builds, alone=len(wanted) == 1))
        for path, entry in wanted
    ]
    for path, plan in plans:
        _show(path, plan, alone=len(plans) == 1)
    differing = [(path, plan) for path, plan in plans if not plan.is_empty]
    if not differing:
        click.echo("Nothing to change.")
        return
    if check:
        raise click.exceptions.Exit(Exit.DIFFERS)
    if not yes:
        click.confirm("Apply?", abort=True)
    if len(plans) == 1:
        course = applying.apply(session.client, plans[0][1])
        click.echo(f"Applied to course {course.id}.")
    else:
        _apply_all(session, differing, len(plans))


@click.command()
@click.argument("course", type=click.UUID)
@pass_session
def export(session: Session, course: UUID) -> None:
    """Print the file from which `apply` makes a Course again."""
    click.echo(applying.export(session.client, course), nl=False)


def _plan(
    session: Session,
    path: Path,
    wanted: course_files.CourseFile,
    prune: bool,
    builds: applying.Builds,
    *,
    alone: bool,
) -> Plan:
    try:
        return applying.plan(session.client, wanted, prune=prune, builds=builds)
    except ClientError as error:
        if not alone:
            click.echo(f"{path}:", err=True)
        raise error


def _show(path: Path, plan: Plan, *, alone: bool) -> None:
    if not alone and not plan.is_empty:
        click.echo(f"{path}:")
    for line in plan.lines():
        click.echo(line if alone else f"  {line}")


def _apply_all(session: Session, plans: Sequence[tuple[Path, Plan]], files: int) -> None:
    """Apply each; those that fail are named, and counted in the summary."""
    failures: list[ClientError] = []
    for path, plan in plans:
        try:
            applying.apply(session.client, plan)
        except ApiError as error:
            click.echo(f"mydocker: {path}: {error}", err=True)
            failures.append(error)
    applied = len(plans) - len(failures)
    unchanged = files - len(plans)
    click.echo(f"{files} files: {applied} applied, {unchanged} unchanged, {len(failures)} failed.")
    if failures:
        raise click.exceptions.Exit(failures[0].exit)
