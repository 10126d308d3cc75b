"""Submitted work, when it may be submitted, and addresses of downloads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_30_submissions"
down_revision = "2026_11_30_institution"
branch_labels = None
depends_on = None

SCHEMA = "api"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    moment = sa.DateTime(timezone=True)
    rules = sa.Column("submissions", postgresql.JSONB(), nullable=False, server_default="{}")
    op.add_column("courses", rules, schema=SCHEMA)
    op.create_table(
        "submissions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("volume", sa.String(), nullable=False),
        sa.Column("submitted_at", moment, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("changing", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"],
            ["api.courses.id"],
            name="fk_submissions_course_id_courses",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["api.users.id"], name="fk_submissions_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        schema=SCHEMA,
    )
    columns = ["course_id", "user_id", "submitted_at"]
    name = "ix_submissions_course_id_user_id_submitted_at"
    op.create_index(name, "submissions", columns, schema=SCHEMA)
    op.create_index("ix_submissions_user_id", "submissions", ["user_id"], schema=SCHEMA)
    pending = sa.text("state = 'pending'")
    op.create_index(
        "ix_submissions_pending", "submissions", ["id"], schema=SCHEMA, postgresql_where=pending
    )
    op.create_table(
        "download_tickets",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("web_session_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("parts", postgresql.JSONB(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["api.users.id"],
            name="fk_download_tickets_user_id_users",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name="pk_download_tickets"),
        schema=SCHEMA,
    )
    index = "ix_download_tickets_expires_at"
    op.create_index(index, "download_tickets", ["expires_at"], schema=SCHEMA)


def downgrade() -> None:
    op.drop_table("download_tickets", schema=SCHEMA)
    op.drop_table("submissions", schema=SCHEMA)
    op.drop_column("courses", "submissions", schema=SCHEMA)
