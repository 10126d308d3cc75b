"""What a Course's student window shows: hidden ports and links."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_30_student_window"
down_revision = "2026_11_29_list_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "courses",
        sa.Column("window_options", postgresql.JSONB(), nullable=False, server_default="{}"),
        schema="api",
    )


def downgrade() -> None:
    op.drop_column("courses", "window_options", schema="api")
