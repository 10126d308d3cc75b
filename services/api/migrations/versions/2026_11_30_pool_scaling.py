"""What planning knows of the machines that Terraform makes for a pool."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_30_pool_scaling"
down_revision = "2026_11_30_requested_sessions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    scaling = sa.Column("scaling", postgresql.JSONB(), nullable=True)
    op.add_column("pools", scaling, schema="api")


def downgrade() -> None:
    op.drop_column("pools", "scaling", schema="api")
