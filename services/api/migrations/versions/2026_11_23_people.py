"""What people are allowed beyond their roles: to operate, to build; and that they may not enter."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_people"
down_revision = "2026_11_23_begin"
branch_labels = None
depends_on = None

MOMENTS = ("operator_since", "may_build_since", "build_asked_at", "disabled_at")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in MOMENTS:
        column = sa.Column(name, sa.DateTime(timezone=True), nullable=True)
        op.add_column("users", column, schema="api")


def downgrade() -> None:
    for name in MOMENTS:
        op.drop_column("users", name, schema="api")
