"""What the institution says of itself."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_30_institution"
down_revision = "2026_11_30_idle"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "institution",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("settings", postgresql.JSONB(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "changed_by",
            sa.Uuid(),
            sa.ForeignKey(
                "api.users.id", ondelete="SET NULL", name="fk_institution_changed_by_users"
            ),
            nullable=True,
        ),
        schema="api",
    )


def downgrade() -> None:
    op.drop_table("institution", schema="api")
