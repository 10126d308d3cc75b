"""Trials: Courses that the platform makes so that somebody tries one Build."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_trials"
down_revision = "2026_11_30_session_time_index"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "courses",
        sa.Column("is_trial", sa.Boolean(), nullable=False, server_default="false"),
        schema="api",
    )


def downgrade() -> None:
    op.execute("DELETE FROM api.courses WHERE is_trial")
    op.drop_column("courses", "is_trial", schema="api")
