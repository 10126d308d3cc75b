"""Visits and messages of teachers, which the student's window shows."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_room"
down_revision = "2026_11_29_shares"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "environment_visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("environment_id", sa.Uuid(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=False),
        _reference("environment_visits", "environment_id", "environments"),
        _reference("environment_visits", "opened_by", "users"),
        sa.PrimaryKeyConstraint("id", name="pk_environment_visits"),
        schema="api",
    )
    op.create_index(
        "ix_environment_visits_of",
        "environment_visits",
        ["environment_id", "visited_at"],
        schema="api",
    )
    op.create_table(
        "room_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        _reference("room_messages", "course_id", "courses"),
        _reference("room_messages", "user_id", "users"),
        _reference("room_messages", "sender_id", "users"),
        sa.PrimaryKeyConstraint("id", name="pk_room_messages"),
        schema="api",
    )
    op.create_index(
        "ix_room_messages_to",
        "room_messages",
        ["course_id", "user_id", "sent_at"],
        schema="api",
    )


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"api.{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete="CASCADE"
    )


def downgrade() -> None:
    op.drop_table("room_messages", schema="api")
    op.drop_table("environment_visits", schema="api")
