"""Logins whose secret the platform's page keeps; refusals with the claims an operator may read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_23_browser_proofs"
down_revision = "2026_11_23_sign_in"
branch_labels = None
depends_on = None

SCHEMA = "lti"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("login_states", sa.Column("storage_target", sa.Text), schema=SCHEMA)
    op.add_column("refusals", sa.Column("claims", JSONB), schema=SCHEMA)
    op.create_index("ix_refusals_reason", "refusals", ["reason", "refused_at"], schema=SCHEMA)
