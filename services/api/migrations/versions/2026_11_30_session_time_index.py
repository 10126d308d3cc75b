"""Index of the time of sessions: which of them touch a stretch of time."""

from alembic import op

revision = "2026_11_30_session_time_index"
down_revision = "2026_11_30_runs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "CREATE INDEX ix_course_sessions_time ON api.course_sessions"
        " USING gist (tstzrange(starts_at, ends_at))"
    )


def downgrade() -> None:
    op.execute("DROP INDEX api.ix_course_sessions_time")
