"""Alembic's entry for the gateway's schema."""

from mydocker_kit.postgres.migrations import run_env
from mydocker_lti.models import Base

run_env(Base.metadata)
