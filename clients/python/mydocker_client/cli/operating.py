"""Commands for operators, and the stream of changes."""

from itertools import islice

import click

from .output import Session, pass_session


@click.group()
def people() -> None:
    """People of the platform, for operators."""


@people.command("list")
@click.option("--search", default="")
@pass_session
def list_people(session: Session, search: str) -> None:
    """List people."""
    entries = list(session.client.people(search))
    rows = [(str(entry.id), entry.name, entry.email) for entry in entries]
    session.show_list(entries, ("ID", "NAME", "E-MAIL"), rows)


@click.group()
def pools() -> None:
    """Pools of machines, for operators."""


@pools.command("list")
@pass_session
def list_pools(session: Session) -> None:
    """List pools and what is free in them."""
    entries = session.client.pools()
    rows = [
        (
            entry.pool.name,
            entry.usable_nodes,
            f"{entry.room.free_cpu:g} of {entry.room.cpu:g}",
            f"{entry.room.free_memory_mib} of {entry.room.memory_mib}",
            entry.pool.title,
        )
        for entry in entries
    ]
    session.show_list(entries, ("NAME", "MACHINES", "FREE CPU", "FREE MIB", "TITLE"), rows)


@click.command()
@click.option("--after", type=click.IntRange(min=0), help="Continue after this number.")
@click.option("--limit", type=click.IntRange(min=1), help="End after so many changes.")
@pass_session
def changes(session: Session, after: int | None, limit: int | None) -> None:
    """Print changes as they happen, one JSON object a line, until the token ends."""
    for _, data in islice(session.client.changes(after), limit):
        click.echo(data)
