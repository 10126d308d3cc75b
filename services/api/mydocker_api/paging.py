"""Query parameters of lists."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Le

from mydocker_kit.contracts.values import Text


@dataclass(frozen=True)
class Paging:
    """Page, its size, and what to search for; endpoints take it from the query string."""

    page: Annotated[int, Ge(1), Le(100_000)] = 1
    page_size: Annotated[int, Ge(1), Le(200)] = 50
    search: Annotated[str, Text(max_length=120)] = ""

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.page_size
