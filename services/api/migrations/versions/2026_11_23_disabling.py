"""Why a person is disabled, and since when the gateway knows."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_disabling"
down_revision = "2026_11_23_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    reason = sa.Column("disabled_reason", sa.String, nullable=True)
    op.add_column("users", reason, schema="api")
    since = sa.Column("shut_out_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("users", since, schema="api")


def downgrade() -> None:
    op.drop_column("users", "shut_out_at", schema="api")
    op.drop_column("users", "disabled_reason", schema="api")
