"""Indexes in the order of long lists: sessions by their start, environments by their request."""

from alembic import op

revision = "2026_11_29_list_indexes"
down_revision = "2026_11_29_folder_sizes"
branch_labels = None
depends_on = None

_KEYS = {"course_sessions": "starts_at", "environments": "asked_at"}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, column in _KEYS.items():
        op.create_index(f"ix_{table}_{column}_id", table, [column, "id"], schema="api")


def downgrade() -> None:
    for table, column in _KEYS.items():
        op.drop_index(f"ix_{table}_{column}_id", table, schema="api")
