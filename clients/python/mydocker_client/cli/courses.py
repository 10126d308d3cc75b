"""Commands about Courses and their sessions."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import click

from .. import archives, models
from .output import Session, pass_session

STATUSES = [status.value for status in models.CourseStatus]


@click.group()
def courses() -> None:
    """Courses of mine."""


@courses.command("list")
@click.option("--search", default="")
@pass_session
def list_courses(session: Session, search: str) -> None:
    """List my Courses."""
    entries = list(session.client.courses(search))
    rows = [
        (str(entry.id), entry.status, entry.sessions, entry.image_title, entry.title)
        for entry in entries
    ]
    session.show_list(entries, ("ID", "STATUS", "SESSIONS", "IMAGE", "TITLE"), rows)


@courses.command("show")
@click.argument("course", type=click.UUID)
@pass_session
def show_course(session: Session, course: UUID) -> None:
    """Show a Course."""
    _show(session, session.client.course(course))


@courses.command("status")
@click.argument("course", type=click.UUID)
@click.argument("status", type=click.Choice(STATUSES))
@pass_session
def change_status(session: Session, course: UUID, status: str) -> None:
    """Publish a Course, take it back or archive it."""
    current = session.client.course(course)
    _show(session, session.client.change_status(course, status, current.etag))


@courses.command("delete")
@click.argument("course", type=click.UUID)
@click.confirmation_option(prompt="Delete the course for good?")
@pass_session
def delete_course(session: Session, course: UUID) -> None:
    """Delete a Course with its sessions."""
    current = session.client.course(course)
    session.client.delete_course(course, current.etag)
    click.echo(f"Deleted {current.title!r}.", err=True)


@courses.command("save")
@click.argument("course", type=click.UUID)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--zone", default="UTC", show_default=True, help="Of the sessions' times of day.")
@pass_session
def save_course(session: Session, course: UUID, file: Path, zone: str) -> None:
    """Save a Course in FILE, with the recipe of its Image and its sessions without dates."""
    size = archives.save(session.client, course, file, zone)
    click.echo(f"Wrote {file} ({size} bytes).", err=True)


@courses.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--title", help="Another title than that of the file.")
@click.option("--first-day", type=click.DateTime(["%Y-%m-%d"]), help="Plan its sessions, too.")
@click.option("--zone", default="UTC", show_default=True, help="Of the sessions' times of day.")
@click.option("--check", "only_check", is_flag=True, help="Make nothing; show what is in it.")
@pass_session
def import_course(
    session: Session,
    file: Path,
    title: str | None,
    first_day: datetime | None,
    zone: str,
    only_check: bool,
) -> None:
    """Make a draft from a FILE that was saved from a Course, here or elsewhere."""
    upload, check = archives.check(session.client, file)
    if only_check:
        image = check.image
        origin = image.origins[0].value if image else None
        facts: list[tuple[str, str | int | float | None]] = [
            ("title", check.title),
            ("taken", check.is_title_taken),
            ("image", f"{image.title} ({origin})" if image else None),
            ("sessions", check.sessions),
            ("left out", ", ".join(flaw.field for flaw in check.left_out) or None),
        ]
        session.show(check, facts)
        return
    made = archives.take(
        session.client,
        upload,
        title=title or check.suggested_title,
        first_day=first_day.date() if first_day else None,
        zone=zone,
    )
    for flaw in made.left_out:
        click.echo(f"Not given here, left out: {flaw.field} {flaw.value}", err=True)
    if made.image is not None:
        click.echo(f"Made image {made.image.id}: build it next.", err=True)
    _show(session, made.course)


@click.group()
def sessions() -> None:
    """Sessions of my Courses."""


@sessions.command("list")
@click.option("--course", type=click.UUID, help="Of this Course only.")
@pass_session
def list_sessions(session: Session, course: UUID | None) -> None:
    """List sessions."""
    entries = list(session.client.sessions(course))
    rows = [
        (
            str(entry.id),
            entry.state,
            entry.starts_at.isoformat(),
            entry.ends_at.isoformat(),
            entry.students,
            entry.course_title,
            entry.title,
        )
        for entry in entries
    ]
    columns = ("ID", "STATE", "STARTS", "ENDS", "STUDENTS", "COURSE", "TITLE")
    session.show_list(entries, columns, rows)


@sessions.command("delete")
@click.argument("id", type=click.UUID)
@click.confirmation_option(prompt="Delete the session?")
@pass_session
def delete_session(session: Session, id: UUID) -> None:
    """Delete a session."""
    session.client.delete_session(id, session.client.session(id).etag)


def _show(session: Session, course: models.Course) -> None:
    image, external = course.image, course.external
    run = f"{image.image_title}, build {image.build_number}" if image else None
    session.show(
        course,
        [
            ("id", str(course.id)),
            ("title", course.title),
            ("status", course.status),
            ("image", f"{external.reference} ({external.pinned})" if external else run),
            ("running", course.running_environments),
        ],
    )
