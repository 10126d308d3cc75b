"""Whether a build takes steps from the cache."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_use_cache"
down_revision = "2026_11_29_context_digest"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "builds",
        sa.Column("use_cache", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        schema="builder",
    )


def downgrade() -> None:
    op.drop_column("builds", "use_cache", schema="builder")
