"""The base of the gateway's tables."""

from typing import ClassVar

from sqlalchemy.orm import DeclarativeBase

from mydocker_kit.postgres.db import COLUMN_TYPES, table_metadata


class Base(DeclarativeBase):
    """The gateway's schema."""

    metadata = table_metadata("lti")
    type_annotation_map: ClassVar = COLUMN_TYPES
