"""Alembic's entry: the tables of api."""

from mydocker_api.models import Base
from mydocker_kit.postgres.migrations import run_env

run_env(Base.metadata)
