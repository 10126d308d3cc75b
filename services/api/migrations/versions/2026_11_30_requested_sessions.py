"""Index of the sessions that ask for room: a handful among all."""

from alembic import op

revision = "2026_11_30_requested_sessions"
down_revision = "2026_11_30_external_images"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "CREATE INDEX ix_course_sessions_requested ON api.course_sessions (starts_at, id)"
        " WHERE capacity = 'requested'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX api.ix_course_sessions_requested")
