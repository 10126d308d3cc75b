"""The page parameters of every list, the same everywhere, and the answer that names the next page.

A screen counts pages (`page`); a script follows `next_cursor` with `cursor`. Both read one order.
A list that another service keeps is read with `remote`: its cursor travels inside ours.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict, TypeVar

from .contracts.base import Page
from .contracts.cursors import Cursor, Parameters, Value, read_cursor
from .errors import Invalid
from .problems import FieldProblem

MOST_PAGES, LARGEST_PAGE = 100_000, 200
T = TypeVar("T")
P = TypeVar("P", bound=Page)  # type: ignore[type-arg]


class CursorMalformed(Invalid):
    """The cursor is not one that an answer of this api had."""

    code, title = "cursor_malformed", "This is no cursor of an answer"

    def __init__(self) -> None:
        super().__init__()
        self.fields = [FieldProblem(field="cursor", code=self.code, message=self.title)]


class CursorOfAnotherList(CursorMalformed):
    """The cursor belongs to another list, or to other filters or another order of this one."""

    code, title = "cursor_of_another_list", "This cursor belongs to a list with other parameters"


@dataclass(frozen=True)
class Slice:
    """One page as the database has it."""

    rows: Sequence[tuple[Any, ...]]
    total: int
    last: tuple[Value, ...] | None
    """Sort values of the last row; None: nothing follows."""


class PageFacts(TypedDict):
    """Fields of every list's answer."""

    total: int
    page: int
    page_size: int
    next_cursor: str | None


@dataclass(frozen=True)
class Paging:
    """What the caller asks for: a page by number, or what follows a cursor."""

    page: int = 1
    page_size: int = 50
    search: str = ""
    after: tuple[Value, ...] | None = None
    """Sort values of the entry before this page, instead of counting."""
    scope: str = ""
    """Of which list and filters the cursors are."""

    @property
    def offset(self) -> int:
        """Entries to leave out, where pages are counted."""
        return 0 if self.after is not None else (self.page - 1) * self.page_size

    def follow(self, cursor: str) -> "Paging":
        """The page that a cursor names; `CursorMalformed`, `CursorOfAnotherList`."""
        try:
            read = read_cursor(cursor)
        except ValueError as error:
            raise CursorMalformed from error
        if not (1 <= read.page <= MOST_PAGES and 1 <= read.page_size <= LARGEST_PAGE):
            raise CursorMalformed
        if read.scope != self.scope:
            raise CursorOfAnotherList
        return replace(self, page=read.page, page_size=read.page_size, after=read.after)

    def next_cursor(self, last: tuple[Value, ...] | None) -> str | None:
        """The cursor of the page after this one; None at the end."""
        if last is None or self.page >= MOST_PAGES:
            return None
        return str(Cursor(self.page + 1, self.page_size, self.scope, last))

    def facts(self, read: Slice) -> PageFacts:
        """What an answer says beside its entries."""
        return {
            "total": read.total,
            "page": self.page,
            "page_size": self.page_size,
            "next_cursor": self.next_cursor(read.last),
        }

    def answer(self, items: list[T], read: Slice) -> Page[T]:
        """The answer with these entries."""
        return Page(items=items, **self.facts(read))

    def remote(self) -> Parameters:
        """How to ask the service that keeps the list."""
        asked: dict[str, str | int] = {"page": self.page, "page_size": self.page_size}
        if self.search:
            asked["search"] = self.search
        if self.after is not None:
            if len(self.after) != 1 or not isinstance(self.after[0], str):
                raise CursorMalformed
            asked["cursor"] = self.after[0]
        return asked

    def of_remote(self, page: P) -> P:
        """That service's answer, with a cursor of this list."""
        inner = page.next_cursor
        return page.model_copy(
            update={"next_cursor": self.next_cursor((inner,) if inner else None)}
        )

    def among(
        self, items: Sequence[T], key_of: Callable[[T], str], *, descending: bool = False
    ) -> Page[T]:
        """A page of a list that is in memory, in the order of a unique text."""
        ordered = sorted(items, key=key_of, reverse=descending)
        rest = ordered[self.offset :]
        if self.after is not None:
            if len(self.after) != 1 or not isinstance(self.after[0], str):
                raise CursorMalformed
            last_read = self.after[0]
            rest = [item for item in ordered if (key_of(item) < last_read) is descending]
            rest = [item for item in rest if key_of(item) != last_read]
        shown = rest[: self.page_size]
        last = (key_of(shown[-1]),) if len(rest) > len(shown) else None
        return self.answer(shown, Slice((), len(items), last))
