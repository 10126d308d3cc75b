"""The base of the tables, and column types that parse at the border."""

from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Enum
from sqlalchemy import types as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

from mydocker_kit.postgres.db import COLUMN_TYPES, table_metadata

T = TypeVar("T")


class Base(DeclarativeBase):
    """Every table of this service; schema `api`."""

    metadata = table_metadata("api")
    type_annotation_map: ClassVar = COLUMN_TYPES


def closed(members: type[StrEnum]) -> Enum:
    """A closed set, kept as its words: a new member needs no migration."""
    return Enum(
        members,
        native_enum=False,
        length=20,
        values_callable=lambda kinds: [kind.value for kind in kinds],
    )


class Json(sql.TypeDecorator[T], Generic[T]):
    """A contract value in a JSONB column; what is read back is checked again."""

    impl = JSONB
    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.shape = shape
        self._adapter: TypeAdapter[T] = TypeAdapter(shape)

    def process_bind_param(self, value: T | None, dialect: Dialect) -> Any:
        return None if value is None else self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> T | None:
        return None if value is None else self._adapter.validate_python(value)
