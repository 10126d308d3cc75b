"""The size of a Course's work folders."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_folder_sizes"
down_revision = "2026_11_29_join_links"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("courses", sa.Column("folder_mib", sa.Integer(), nullable=True), schema="api")


def downgrade() -> None:
    op.drop_column("courses", "folder_mib", schema="api")
