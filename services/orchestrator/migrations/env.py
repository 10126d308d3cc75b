"""Alembic's entry; everything is in the kit."""

from mydocker_kit.postgres.migrations import run_env
from mydocker_orchestrator.models import Base

run_env(Base.metadata)
