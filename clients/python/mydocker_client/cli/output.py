"""What commands print: a table for people, JSON for programs."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import click
from pydantic import BaseModel

from ..client import Client
from ..config import load

Cell = str | int | float | None


class Session:
    """What every command shares: the client, made at its first use, and the format."""

    def __init__(self) -> None:
        self.format = "table"
        self._client: Client | None = None

    @property
    def client(self) -> Client:
        """The signed-in client; `SignedOut` without a token."""
        if self._client is None:
            login = load()
            self._client = Client(login.address, login.token)
        return self._client

    def close(self) -> None:
        """Close the client's connections."""
        if self._client is not None:
            self._client.close()

    def show_list(
        self, items: Iterable[BaseModel], columns: Sequence[str], rows: Iterable[Sequence[Cell]]
    ) -> None:
        """A list: all fields as JSON, or these columns as a table."""
        if self.format == "json":
            _print_json([item.model_dump(mode="json") for item in items])
            return
        table = [[_text(cell) for cell in row] for row in rows]
        widths = [max(map(len, column)) for column in zip(columns, *table, strict=True)]
        for row in (columns, *table):
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            click.echo("  ".join(cells).rstrip())

    def show(self, item: BaseModel, facts: Sequence[tuple[str, Cell]]) -> None:
        """One thing: all fields as JSON, or these facts, one a line."""
        if self.format == "json":
            _print_json(item.model_dump(mode="json"))
            return
        width = max(len(name) for name, _ in facts)
        for name, value in facts:
            click.echo(f"{name.ljust(width)}  {_text(value)}")


pass_session = click.make_pass_decorator(Session, ensure=True)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _text(cell: Cell) -> str:
    return "-" if cell is None or cell == "" else str(cell)
