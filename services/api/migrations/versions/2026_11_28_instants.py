"""Sessions and ends outside the years 2000 to 2200: nothing that holds one can be read.

Such a session was never one that a class had; its Course, its window and every list that held it
answered with an error.
"""

from alembic import op

revision = "2026_11_28_instants"
down_revision = "2026_11_28_activity_entries"
branch_labels = None
depends_on = None

_SESSIONS = """
DELETE FROM api.course_sessions
WHERE starts_at < '2000-01-01 00:00Z' OR ends_at >= '2201-01-01 00:00Z'
"""
_ENVIRONMENTS = """
UPDATE api.environments
SET ends_at = NULL, lease_ends_at = NULL, revision = revision + 1
WHERE least(ends_at, lease_ends_at) < '2000-01-01 00:00Z'
OR greatest(ends_at, lease_ends_at) >= '2201-01-01 00:00Z'
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(_SESSIONS)
    op.execute(_ENVIRONMENTS)


def downgrade() -> None:
    pass
