"""When environments were used last, and when an unused one stops."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_idle"
down_revision = "2026_11_30_student_window"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "environment_uses",
        sa.Column(
            "environment_id",
            sa.Uuid(),
            sa.ForeignKey(
                "api.environments.id",
                ondelete="CASCADE",
                name="fk_environment_uses_environment_id_environments",
            ),
            primary_key=True,
        ),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        schema="api",
    )
    op.add_column(
        "environments",
        sa.Column("idle_stops_at", sa.DateTime(timezone=True), nullable=True),
        schema="api",
    )


def downgrade() -> None:
    op.drop_column("environments", "idle_stops_at", schema="api")
    op.drop_table("environment_uses", schema="api")
