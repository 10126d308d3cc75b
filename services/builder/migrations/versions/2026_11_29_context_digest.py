"""The digest of the build context of each build."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_context_digest"
down_revision = "2026_11_29_root_findings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("builds", sa.Column("context_digest", sa.String()), schema="builder")


def downgrade() -> None:
    op.drop_column("builds", "context_digest", schema="builder")
