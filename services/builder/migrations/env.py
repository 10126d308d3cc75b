"""Alembic's entry: the builder's tables."""

from mydocker_builder.models import Base
from mydocker_kit.migrations import run_env

run_env(Base.metadata)
