"""The key of each platform that signs the Course ids in our deep links."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_link_keys"
down_revision = "2026_11_23_log_outs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("registrations", sa.Column("link_key", sa.Text, nullable=True), schema="lti")


def downgrade() -> None:
    op.drop_column("registrations", "link_key", schema="lti")
