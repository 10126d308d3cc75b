"""Alembic's entry: the builder's tables."""

from mydocker_builder.models import Base
from mydocker_kit.postgres.migrations import run_env

run_env(Base.metadata)
