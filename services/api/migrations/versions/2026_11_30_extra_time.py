"""Extra time that teachers granted."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_extra_time"
down_revision = "2026_11_30_retention"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "extra_time_grants",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _of("course_id", "courses", nullable=False),
        _of("session_id", "course_sessions", nullable=True),
        _of("user_id", "users", nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        _of("granted_by", "users", nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(minutes > 0) <> (percent > 0)", name="ck_extra_time_grants_minutes_or_percent"
        ),
        schema="api",
    )
    op.create_index(
        "uq_extra_time_grants_of",
        "extra_time_grants",
        ["course_id", "session_id", "user_id"],
        unique=True,
        schema="api",
        postgresql_nulls_not_distinct=True,
    )
    for column in ("session_id", "user_id"):
        name = f"ix_extra_time_grants_{column}"
        op.create_index(name, "extra_time_grants", [column], schema="api")


def _of(column: str, table: str, *, nullable: bool) -> sa.Column[object]:
    name = f"fk_extra_time_grants_{column}_{table}"
    key = sa.ForeignKey(f"api.{table}.id", ondelete="CASCADE", name=name)
    return sa.Column(column, sa.Uuid(), key, nullable=nullable)


def downgrade() -> None:
    op.drop_table("extra_time_grants", schema="api")
