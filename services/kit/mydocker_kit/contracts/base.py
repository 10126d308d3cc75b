"""How contract values behave: frozen, strict about unknown fields."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class Contract(BaseModel):
    """A frozen value that crosses a service border; unknown fields are refused.

    Errors name the field and not what was in it: they are logged, and some values are secret.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Page(BaseModel, Generic[T]):
    """One page of a list and how many there are in all."""

    items: list[T]
    total: int
    page: int
    page_size: int
    next_cursor: str | None = None
    """Sent back as `cursor`, it reads the page after this one; null: this is the last."""
