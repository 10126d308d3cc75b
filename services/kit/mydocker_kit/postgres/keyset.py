"""Reads one page of a sorted query: by number, or after the sort values of a cursor (keyset).

The order's last key must be unique. Rows after a cursor are selected by their sort values, so a
page costs the same however far down the list it is, and insertions before it move nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from ..contracts.cursors import Value
from ..paging import CursorMalformed, Paging, Slice

_KINDS: dict[type, type | tuple[type, ...]] = {datetime: datetime, UUID: UUID, bool: bool, int: int}


@dataclass(frozen=True)
class Key:
    """One column of an order. PostgreSQL sorts NULL as larger than everything."""

    column: ColumnElement[Any] | InstrumentedAttribute[Any]
    descending: bool = False
    nullable: bool = False

    @property
    def order(self) -> ColumnElement[Any]:
        return self.column.desc() if self.descending else self.column.asc()

    def equals(self, value: Value) -> ColumnElement[bool]:
        return self.column.is_(None) if value is None else self.column == self._bound(value)

    def follows(self, value: Value) -> ColumnElement[bool]:
        """Rows that come after this value by this key alone."""
        if value is None:
            return self.column.is_not(None) if self.descending else false()
        if self.descending:
            return self.column < self._bound(value)
        after = self.column > self._bound(value)
        return or_(after, self.column.is_(None)) if self.nullable else after

    def check(self, value: Value) -> None:
        """Refuse a value that this column cannot have."""
        kind = _KINDS.get(self.column.type.python_type, str)
        fits = isinstance(value, kind) and (kind is not int or not isinstance(value, bool))
        if not (self.nullable if value is None else fits):
            raise CursorMalformed

    def _bound(self, value: Value) -> ColumnElement[Any]:
        return literal(value, self.column.type)


def order_of(sort: str, table: Any, *then: Key) -> list[Key]:
    """The order that `sort` names, as `title`, or `-title` from its end; `then` makes it unique."""
    return [Key(getattr(table, sort.removeprefix("-")), sort.startswith("-")), *then]


async def read_slice(
    db: AsyncSession,
    query: Select[*tuple[Any, ...]],
    keys: Sequence[Key],
    paging: Paging,
    *,
    keys_first: bool = False,
) -> Slice:
    """One page of `query`, how many rows it has in all, and where the next page begins.

    `keys_first` reads the page's unique keys before its rows: for wide rows or computed columns
    in an order that no index has, where PostgreSQL would sort or compute every row before the page.
    """
    page = query if paging.after is None else query.where(_after(keys, paging.after))
    if keys_first and not paging.search:
        page = query.where(keys[-1].column.in_(_page_of(_only_unique(page, keys), keys, paging)))
        page = page.order_by(*(key.order for key in keys))
    else:
        page = _page_of(page, keys, paging)
    page = page.add_columns(*(key.column for key in keys))
    if paging.search and paging.after is None:
        # A search looks at every row: it is counted while it is read, not once more.
        counted = (await db.execute(page.add_columns(func.count().over()))).all()
        total = counted[0][-1] if counted else 0 if paging.offset == 0 else await _count(db, query)
        rows = [tuple(row[:-1]) for row in counted]
    else:
        total = await _count(db, query)
        rows = [tuple(row) for row in await db.execute(page)]
    shown = rows[: paging.page_size]
    last = shown[-1][-len(keys) :] if len(rows) > len(shown) else None
    return Slice([row[: -len(keys)] for row in shown], total, last)


def _page_of(
    query: Select[*tuple[Any, ...]], keys: Sequence[Key], paging: Paging
) -> Select[*tuple[Any, ...]]:
    """The page's rows in order, and one more: whether another page follows."""
    ordered = query.order_by(*(key.order for key in keys))
    return ordered.offset(paging.offset).limit(paging.page_size + 1)


def _only_unique(query: Select[*tuple[Any, ...]], keys: Sequence[Key]) -> Select[*tuple[Any, ...]]:
    return query.with_only_columns(keys[-1].column, maintain_column_froms=True)


async def _count(db: AsyncSession, query: Select[*tuple[Any, ...]]) -> int:
    """How many rows there are in all."""
    counted = query.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    return await db.scalar(counted) or 0


def _after(keys: Sequence[Key], values: Sequence[Value]) -> ColumnElement[bool]:
    """Rows behind these values: larger in the first key that differs."""
    if len(keys) != len(values):
        raise CursorMalformed
    for key, value in zip(keys, values, strict=True):
        key.check(value)
    ways: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = [true()]
    for key, value in zip(keys, values, strict=True):
        ways.append(and_(*same, key.follows(value)))
        same.append(key.equals(value))
    first = keys[0]
    if values[0] is None or first.nullable:
        return or_(*ways)
    # Implied by the rest, and the one condition that an index can begin at.
    bound = literal(values[0], first.column.type)
    begins = first.column <= bound if first.descending else first.column >= bound
    return and_(begins, or_(*ways))
