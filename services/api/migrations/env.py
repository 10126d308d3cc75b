"""Alembic's entry: the tables of api."""

from mydocker_api.models import Base
from mydocker_kit.migrations import run_env

run_env(Base.metadata)
