"""Retention of work folders: when Courses were archived, decisions, and erased folders."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_retention"
down_revision = "2026_11_30_trials"
branch_labels = None
depends_on = None

SCHEMA = "api"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    moment = sa.DateTime(timezone=True)
    op.add_column("courses", sa.Column("archived_at", moment, nullable=True), schema=SCHEMA)
    op.execute("UPDATE api.courses SET archived_at = updated_at WHERE status = 'archived'")
    op.create_table(
        "course_retentions",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("noticed_at", moment, nullable=True),
        sa.Column("keep_until", moment, nullable=True),
        sa.Column("deleted_at", moment, nullable=True),
        sa.Column("deleted_by", sa.Uuid(), nullable=True),
        sa.Column("status_before", sa.String(20), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["api.courses.id"],
            name="fk_course_retentions_course_id_courses",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["api.users.id"],
            name="fk_course_retentions_deleted_by_users",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("course_id", name="pk_course_retentions"),
        schema=SCHEMA,
    )
    op.create_table(
        "folder_erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volume", sa.String(), nullable=False),
        sa.Column("node_id", sa.String(), nullable=True),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("course_title", sa.String(), server_default="", nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tried_at", moment, nullable=True),
        sa.Column("retry_at", moment, nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("erased_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_folder_erasures"),
        schema=SCHEMA,
    )
    table = "folder_erasures"
    op.create_index("ix_folder_erasures_volume", table, ["volume"], schema=SCHEMA)
    op.create_index("ix_folder_erasures_course_id", table, ["course_id"], schema=SCHEMA)
    op.create_index("ix_folder_erasures_asked_at_id", table, ["asked_at", "id"], schema=SCHEMA)
    op.create_index(
        "uq_folder_erasures_pending",
        table,
        ["volume", sa.text("coalesce(node_id, '')")],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("erased_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("folder_erasures", schema=SCHEMA)
    op.drop_table("course_retentions", schema=SCHEMA)
    op.drop_column("courses", "archived_at", schema=SCHEMA)
